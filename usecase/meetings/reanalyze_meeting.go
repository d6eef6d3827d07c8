package meetingsuc

import (
	"context"
	"fmt"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// ReanalyzeMeetingInput asks for a new analysis.
type ReanalyzeMeetingInput struct {
	Actor   kernel.Principal
	Meeting meetings.ID
	Subtype meetings.Subtype // empty: to be detected
}

// ReanalyzeMeeting has a meeting analysed again, against its customer and type of now. The earlier analysis stands until
// the new one is stored; a run that is still pending is answered again.
//
// Allowed: who may change the meeting.
// Errors: NotFound MEETING_NOT_FOUND, Forbidden, Invalid VALIDATION_ERROR, Conflict TRANSCRIPT_NOT_READY.
type ReanalyzeMeeting struct {
	*changer
	transcripts Transcripts
}

// Execute returns the job that will do it.
func (uc *ReanalyzeMeeting) Execute(ctx context.Context, in ReanalyzeMeetingInput) (port.JobID, error) {
	var job port.JobID
	_, err := uc.change(ctx, in.Actor.Workspace, in.Meeting, func(ctx context.Context, m *meetings.Meeting) error {
		if err := meetings.CanWrite(in.Actor, *m); err != nil {
			return err
		}
		if err := in.check(m.Type); err != nil {
			return err
		}
		ready, err := uc.transcripts.Exists(ctx, m.Workspace, m.ID)
		if err != nil {
			return err
		}
		if !ready {
			return fault.New(fault.Conflict, meetings.TranscriptNotReady)
		}
		if m.Status == meetings.Failed {
			*m, _ = m.Apply(meetings.TranscriptArrived(uc.clock.Now()))
		}
		job, err = uc.jobs.Enqueue(ctx, m.Workspace, AnalyzeTranscript{Meeting: m.ID, Again: true, Subtype: in.Subtype})
		return err
	})
	if err != nil {
		return "", fmt.Errorf("reanalyse meeting: %w", err)
	}
	return job, nil
}

func (in ReanalyzeMeetingInput) check(t meetings.Type) error {
	var f fault.Fields
	if in.Subtype != "" {
		f.Require(in.Subtype.IsValid(), "sales_subtype", fault.OneOf, "allowed", subtypeNames())
		f.Require(t.IsSales(), "sales_subtype", fault.NotAllowed)
	}
	return f.Err()
}

func subtypeNames() string {
	var names []string
	for _, s := range meetings.Subtypes() {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}
