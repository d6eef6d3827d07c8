package meetingsuc

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// AnalyzeInput is one run of the analysis.
type AnalyzeInput struct {
	Workspace kernel.WorkspaceID
	Meeting   meetings.ID
	Again     bool             // analyse even if the transcript has been analysed
	Subtype   meetings.Subtype // empty: to be detected
	Last      bool             // a failure is final: the meeting shows it
}

// RunAnalysis takes a meeting from its transcript to COMPLETED: fetches and keeps the transcript, has it judged, measures
// it, and stores the analysis in place of the earlier one. Twice run automatically, it analyses once.
//
// A failure leaves the transcript, so that a person can ask again, and an earlier analysis as it was.
type RunAnalysis struct {
	*changer
	reader      port.Reader
	reads       MeetingReads
	transcripts Transcripts
	analyses    Analyses
	recordings  Recordings
	analyzer    Analyzer
	evaluators  Evaluators
	corrections CorrectionReads
	ids         port.IDs
	usage       UsageLedger
	playbooks   Playbooks
}

// subject is what an analysis is made of.
type subject struct {
	meeting    meetings.Meeting
	transcript StoredTranscript
	isFetched  bool
	isAnalysed bool
	rep        Rep
}

// Execute runs the analysis of one meeting.
func (uc *RunAnalysis) Execute(ctx context.Context, in AnalyzeInput) error {
	s, err := uc.load(ctx, in)
	if err != nil {
		return fmt.Errorf("analyse transcript: %w", err)
	}
	if s.isAnalysed && !in.Again || s.meeting.Status == meetings.Cancelled {
		return uc.finish(ctx, in.Workspace)
	}
	err = uc.run(ctx, in, s)
	switch {
	case err == nil:
		return nil
	case isFinal(err, in.Last):
		return uc.fail(ctx, in, err)
	default:
		return fmt.Errorf("analyse transcript: %w", err)
	}
}

func (uc *RunAnalysis) load(ctx context.Context, in AnalyzeInput) (subject, error) {
	var d Detail
	err := uc.reader.Read(ctx, in.Workspace, func(ctx context.Context) (err error) {
		d, err = uc.reads.Detail(ctx, in.Workspace, in.Meeting)
		return err
	})
	if err != nil {
		return subject{}, err
	}
	s := subject{meeting: d.Row.Meeting, isAnalysed: d.Analysis != nil}
	if d.Transcript != nil {
		s.transcript, s.isFetched = *d.Transcript, true
	}
	if rep := d.Row.Responsible(); rep != nil {
		s.rep = *rep
	}
	return s, nil
}

func (uc *RunAnalysis) run(ctx context.Context, in AnalyzeInput, s subject) error {
	var err error
	if !s.isFetched {
		if s, err = uc.fetch(ctx, s); err != nil {
			return err
		}
	}
	if s.transcript.IsEmpty() {
		return fault.New(fault.Invalid, meetings.EmptyTranscript)
	}
	said, playbook, panel, err := uc.basis(ctx, s)
	if err != nil {
		return err
	}
	rep := meetings.RepIdentity{Name: s.rep.Name, Email: s.rep.Email}
	analysis, paid, err := uc.judge(ctx, in, AnalysisRequest{
		Meeting: s.meeting, Transcript: said, Rep: rep, Subtype: in.Subtype, Playbook: playbook,
	}, panel)
	if err != nil {
		return uc.recordSpent(ctx, in, paid, err)
	}
	analysis.ID, analysis.Meeting, analysis.Of = meetings.AnalysisID(uc.ids.New()), in.Meeting, s.transcript.ID
	analysis.CreatedAt, analysis.Playbook = uc.clock.Now(), playbook.Version
	analysis.Participation, analysis.Metrics = meetings.Measure(said, rep)
	return uc.store(ctx, in, analysis, paid)
}

// basis is what an analysis goes by: the transcript with the corrections of now, which is what models read and what is
// measured, the playbook by which the seller is scored, where there is one, and who judges.
func (uc *RunAnalysis) basis(ctx context.Context, s subject) (said meetings.Transcript, p meetings.Playbook, panel Panel, err error) {
	ws := s.meeting.Workspace
	err = uc.reader.Read(ctx, ws, func(ctx context.Context) error {
		if said, err = corrected(ctx, uc.corrections, ws, s.transcript.Transcript); err != nil || !s.meeting.Type.IsSales() {
			return err
		}
		p, err = currentPlaybook(ctx, uc.playbooks, ws)
		return err
	})
	if err != nil {
		return said, p, nil, err
	}
	if panel, err = uc.evaluators.Panel(ctx, ws); err != nil {
		return said, p, nil, fmt.Errorf("read who judges: %w", err)
	}
	return said, p, panel, nil
}

// fetch gets the transcript from the vendor and keeps it before anything else is tried: what was said must not be lost.
func (uc *RunAnalysis) fetch(ctx context.Context, s subject) (subject, error) {
	transcript, err := uc.recordings.Transcript(ctx, s.meeting.Bot.ID)
	if err != nil {
		return subject{}, err
	}
	s.transcript = StoredTranscript{Transcript: transcript, ID: meetings.TranscriptID(uc.ids.New()), StoredAt: uc.clock.Now()}
	s.meeting, err = uc.change(ctx, s.meeting.Workspace, s.meeting.ID, func(ctx context.Context, m *meetings.Meeting) error {
		*m, _ = m.Apply(meetings.TranscriptArrived(uc.clock.Now()))
		m.Language = transcript.Language()
		if m.Duration() == 0 {
			m.Audio.Duration = lengthOf(transcript)
		}
		if err := uc.transcripts.Add(ctx, m.Workspace, m.ID, s.transcript); err != nil {
			return err
		}
		return uc.jobs.Add(ctx, m.Workspace, IndexTranscript{Meeting: m.ID})
	})
	return s, err
}

// store makes the analysis the current one, completes the meeting and sends it on its way to the CRM, all at once. Of two
// automatic runs beside each other the second changes nothing.
func (uc *RunAnalysis) store(ctx context.Context, in AnalyzeInput, a meetings.Analysis, paid []Use) error {
	_, err := uc.change(ctx, in.Workspace, in.Meeting, func(ctx context.Context, m *meetings.Meeting) error {
		use := Use{Meeting: m.ID, Source: a.ID.String(), At: a.CreatedAt, Model: a.Model, Tokens: a.Usage}
		if err := uc.usage.Record(ctx, in.Workspace, append(paid, use)...); err != nil {
			return err
		}
		isNew, err := uc.keep(ctx, in, a)
		if err != nil {
			return err
		}
		if !isNew {
			return uc.jobs.Finish(ctx)
		}
		if m.Status == meetings.Completed {
			if err := uc.record(ctx, *m, EventReanalyzed); err != nil {
				return err
			}
		}
		*m, _ = m.Apply(meetings.AnalysisStored(uc.clock.Now()))
		m.Failure = meetings.Failure{}
		if a.Subtype != "" {
			m.Subtype = a.Subtype
		}
		if err := uc.toCRM(ctx, m); err != nil {
			return err
		}
		return uc.jobs.Finish(ctx)
	})
	return err
}

// keep stores the analysis: in place of an earlier one where a person asked for it, else only if there is none.
func (uc *RunAnalysis) keep(ctx context.Context, in AnalyzeInput, a meetings.Analysis) (isNew bool, err error) {
	if in.Again {
		return true, uc.analyses.Replace(ctx, in.Workspace, a)
	}
	return uc.analyses.Add(ctx, in.Workspace, a)
}

func (uc *RunAnalysis) toCRM(ctx context.Context, m *meetings.Meeting) error {
	if !m.Type.IsSales() {
		m.CRM = m.CRM.Stop(meetings.SyncSkipped, meetings.NotASalesMeeting, nil)
		return nil
	}
	m.CRM = m.CRM.Await()
	return uc.jobs.Add(ctx, m.Workspace, SyncHubSpot{Meeting: m.ID})
}

// fail shows on the meeting why there will be no analysis. A meeting that has an analysis keeps it and stays COMPLETED.
func (uc *RunAnalysis) fail(ctx context.Context, in AnalyzeInput, cause error) error {
	code := meetings.AnalysisFailed
	if fault.CodeOf(cause) == meetings.EmptyTranscript {
		code = meetings.EmptyTranscript
	}
	_, err := uc.change(whatever(ctx), in.Workspace, in.Meeting, func(_ context.Context, m *meetings.Meeting) error {
		*m, _ = m.Apply(meetings.Fail(uc.clock.Now(), code))
		return nil
	})
	if err != nil {
		return err
	}
	if code == meetings.EmptyTranscript {
		return nil // nothing is left to be done, and nothing to be retried
	}
	return fmt.Errorf("analyse transcript: %w", cause)
}

// lengthOf is how long the recording lasted, as far as anybody spoke.
func lengthOf(t meetings.Transcript) time.Duration {
	var end meetings.Millis
	for _, u := range t.Utterances {
		for _, w := range u.Words {
			end = max(end, w.End)
		}
	}
	return time.Duration(end) * time.Millisecond
}
