package meetingsuc_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/meetings/meetingspg"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

func (s *system) analysis(t *testing.T, id meetings.ID) meetings.Analysis {
	t.Helper()
	var a meetings.Analysis
	require.NoError(t, s.db.Read(t.Context(), s.ws, func(ctx context.Context) error {
		found := false
		var err error
		a, found, err = meetingspg.Analyses{}.Find(ctx, s.ws, id)
		require.True(t, found)
		return err
	}))
	return a
}

func TestATranscriptBecomesAScoredAndMeasuredMeeting(t *testing.T) {
	t.Parallel()
	s := newSystem(t)

	m := s.completed(t)

	a := s.analysis(t, m.ID)
	require.NotNil(t, a.SalesRepScore)
	require.True(t, a.Participation.RepIdentified)
	require.Equal(t, "es", m.Language)
	require.Equal(t, 11900*time.Millisecond, m.Duration(), "as far as anybody spoke")
	require.Equal(t, meetings.SyncSynced, m.CRM.State)
	require.Equal(t, 1, s.count(t, "transcripts where id = $1", string(a.Of)))
	require.Equal(t, 1, s.events(t, m.ID, meetingsuc.EventCompleted))
}

func TestAnAnalysisSurvivesADeathAtEveryStep(t *testing.T) {
	t.Parallel()
	crashes := map[string]func(t *testing.T, s *system){}
	for _, place := range []string{"transcript", "analyze"} {
		crashes["inside "+place] = func(t *testing.T, s *system) { t.Helper(); s.out.on(place, crash(t)) }
	}
	for n := 1; n <= 2; n++ { // the transcript is stored, the analysis is
		for _, after := range []bool{false, true} {
			crashes[fmt.Sprintf("transaction %d, committed %v", n, after)] = func(_ *testing.T, s *system) { s.tx.crashAt(n, after) }
		}
	}
	for name, arrange := range crashes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			m := s.scheduled(t)
			s.tell(t, m, meetingsuc.AboutTranscript, "done")
			arrange(t, s)

			s.live(t, time.Minute, 10*time.Second)

			m = s.get(t, m.ID)
			require.Equal(t, meetings.Completed, m.Status)
			require.Equal(t, 1, s.count(t, "transcripts"))
			require.Equal(t, 1, s.count(t, "analyses"))
			require.Equal(t, 1, s.events(t, m.ID, meetingsuc.EventCompleted))
			require.Zero(t, s.events(t, m.ID, meetingsuc.EventReanalyzed))
			require.Equal(t, 1, s.count(t, "jobs where kind = 'sync_hubspot'"))
			require.Len(t, s.out.notes, 1)
		})
	}
}

func TestAnAnalysisThatCannotBeHadFailsTheMeetingVisiblyAndMayBeAskedForAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		place string
		err   error
		tries int
	}{
		"the model will not":               {"analyze", fault.New(fault.Invalid, meetings.AnalysisFailed), 1},
		"there is no such model":           {"analyze", fault.New(fault.NotFound, meetings.AnalysisFailed), 1},
		"the model is down for an hour":    {"analyze", upstream(meetings.AnalysisFailed), 8},
		"the vendor has no transcript":     {"transcript", fault.New(fault.NotFound, meetings.RecallError), 1},
		"the transcript is never finished": {"transcript", fault.New(fault.Unavailable, meetings.RecallError), 8},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			m := s.scheduled(t)
			s.out.always(c.place, c.err)
			s.tell(t, m, meetingsuc.AboutTranscript, "done")
			s.live(t, time.Hour, 4*time.Minute)

			failed := s.get(t, m.ID)
			require.Equal(t, meetings.Failed, failed.Status)
			require.Equal(t, meetings.AnalysisFailed, failed.Failure.Code)
			require.Equal(t, c.tries, s.out.called(c.place))
			require.Equal(t, 1, s.events(t, m.ID, meetingsuc.EventFailed))
			require.Equal(t, 1, s.jobs(t, "analyze_transcript", queue.StateDead))

			s.out.always(c.place, nil)
			if c.place == "transcript" {
				s.tell(t, m, meetingsuc.AboutTranscript, "done")
			} else {
				_, err := s.Reanalyze.Execute(t.Context(), meetingsuc.ReanalyzeMeetingInput{Actor: s.ana, Meeting: m.ID})
				require.NoError(t, err)
			}
			require.Equal(t, meetings.Processing, s.get(t, m.ID).Status)
			s.runJobs(t)
			revived := s.get(t, m.ID)
			require.Equal(t, meetings.Completed, revived.Status)
			require.True(t, revived.Failure.IsZero())
		})
	}
}

func TestAMeetingInWhichNobodySpokeFailsOnce(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.out.transcript = meetings.Transcript{}
	m := s.scheduled(t)
	s.tell(t, m, meetingsuc.AboutTranscript, "done")
	s.live(t, time.Hour, 10*time.Minute)

	require.Equal(t, meetings.EmptyTranscript, s.get(t, m.ID).Failure.Code)
	require.Zero(t, s.out.called("analyze"))
	require.Equal(t, 1, s.jobs(t, "analyze_transcript", queue.StateDone))
}

func TestANewAnalysisReplacesTheOldOneAndAFailedOneDoesNot(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.completed(t)
	first := s.analysis(t, m.ID)
	again := func() port.JobID {
		job, err := s.Reanalyze.Execute(t.Context(), meetingsuc.ReanalyzeMeetingInput{Actor: s.ana, Meeting: m.ID})
		require.NoError(t, err)
		return job
	}

	s.out.always("analyze", fault.New(fault.Invalid, meetings.AnalysisFailed))
	again()
	s.runJobs(t)
	require.Equal(t, meetings.Completed, s.get(t, m.ID).Status)
	require.Equal(t, first.ID, s.analysis(t, m.ID).ID)

	s.out.always("analyze", nil)
	require.Equal(t, again(), again(), "a run that is pending is answered again")
	s.runJobs(t)
	require.NotEqual(t, first.ID, s.analysis(t, m.ID).ID)
	require.Equal(t, meetings.Completed, s.get(t, m.ID).Status)
	require.Equal(t, 1, s.events(t, m.ID, meetingsuc.EventReanalyzed))
	require.Equal(t, 1, s.events(t, m.ID, meetingsuc.EventCompleted))
	require.Len(t, s.out.notes, 1, "the CRM's note is updated")
	require.Equal(t, s.out.notes[m.ID], s.out.entries[len(s.out.entries)-2].EarlierID)
}

func TestWhoMayAskForANewAnalysisAndForWhich(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.completed(t)
	fresh := s.scheduled(t)
	general := s.completed(t, func(in *meetingsuc.ScheduleMeetingInput) { in.Booking = meetingsuc.ByInvite })
	service := kernel.Principal{Kind: kernel.Service, Workspace: s.ws, Role: kernel.Rep}
	for name, c := range map[string]struct {
		in   meetingsuc.ReanalyzeMeetingInput
		code fault.Code
	}{
		"its rep":                  {in: meetingsuc.ReanalyzeMeetingInput{Actor: s.ana, Meeting: m.ID, Subtype: meetings.Negotiation}},
		"an admin":                 {in: meetingsuc.ReanalyzeMeetingInput{Actor: s.admin, Meeting: m.ID}},
		"the workspace's service":  {in: meetingsuc.ReanalyzeMeetingInput{Actor: service, Meeting: m.ID}},
		"another rep":              {in: meetingsuc.ReanalyzeMeetingInput{Actor: s.beto, Meeting: m.ID}, code: fault.ForbiddenCode},
		"another rep, non-sales":   {in: meetingsuc.ReanalyzeMeetingInput{Actor: s.beto, Meeting: general.ID}, code: fault.ForbiddenCode},
		"another workspace":        {in: meetingsuc.ReanalyzeMeetingInput{Actor: s.other, Meeting: m.ID}, code: meetings.MeetingNotFound},
		"no transcript yet":        {in: meetingsuc.ReanalyzeMeetingInput{Actor: s.ana, Meeting: fresh.ID}, code: meetings.TranscriptNotReady},
		"an unknown subtype":       {in: meetingsuc.ReanalyzeMeetingInput{Actor: s.ana, Meeting: m.ID, Subtype: "party"}, code: fault.Validation},
		"a subtype without a sale": {in: meetingsuc.ReanalyzeMeetingInput{Actor: s.ana, Meeting: general.ID, Subtype: meetings.Negotiation}, code: fault.Validation},
	} {
		job, err := s.Reanalyze.Execute(t.Context(), c.in)
		if c.code == "" {
			require.NoError(t, err, name)
			require.NotEmpty(t, job, name)
			continue
		}
		require.Equal(t, c.code, fault.CodeOf(err), name)
	}
	require.Equal(t, meetings.NotASalesMeeting, general.CRM.Reason)
	s.runJobs(t)
	require.Equal(t, meetings.Completed, s.get(t, m.ID).Status)
}

func TestAnEditChangesWhatIsSetAndNothingElse(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.completed(t)
	before := s.analysis(t, m.ID)

	edited, err := s.Edit.Execute(t.Context(), meetingsuc.EditMeetingInput{
		Actor: s.ana, Meeting: m.ID, Title: meetings.ChangeTo(" Demo 2\x00 "),
		Customer: meetings.CustomerPatch{Company: meetings.ChangeTo("Ácme"), HubspotContactID: meetings.ChangeTo("42")},
	})
	require.NoError(t, err)
	require.Equal(t, "Demo 2", edited.Title)
	require.Equal(t, "Ácme", edited.Customer.Company)
	require.Equal(t, "Luis Peña", edited.Customer.ContactName)
	require.Equal(t, before, s.analysis(t, m.ID))
	stored := s.get(t, m.ID)
	require.Equal(t, edited.Customer, stored.Customer)
	require.Equal(t, m.Status, stored.Status)

	_, err = s.Edit.Execute(t.Context(), meetingsuc.EditMeetingInput{Actor: s.admin, Meeting: m.ID, SalesRep: meetings.ChangeTo(s.beto.Rep)})
	require.NoError(t, err)
	require.Equal(t, s.beto.Rep, s.get(t, m.ID).SalesRep)
}

func TestWhoMayEditAndWhatIsRefused(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)
	title := meetings.ChangeTo("x")
	for name, c := range map[string]struct {
		in   meetingsuc.EditMeetingInput
		code fault.Code
	}{
		"another rep":               {meetingsuc.EditMeetingInput{Actor: s.beto, Title: title}, fault.ForbiddenCode},
		"another workspace":         {meetingsuc.EditMeetingInput{Actor: s.other, Title: title}, meetings.MeetingNotFound},
		"a rep changes the owner":   {meetingsuc.EditMeetingInput{Actor: s.ana, SalesRep: meetings.ChangeTo(s.beto.Rep)}, fault.ForbiddenCode},
		"an owner from elsewhere":   {meetingsuc.EditMeetingInput{Actor: s.admin, SalesRep: meetings.ChangeTo(s.other.Rep)}, meetings.SalesRepNotFound},
		"a customer without a name": {meetingsuc.EditMeetingInput{Actor: s.ana, Customer: meetings.CustomerPatch{ContactName: meetings.ChangeTo("")}}, fault.Validation},
		"a bad currency":            {meetingsuc.EditMeetingInput{Actor: s.ana, Customer: meetings.CustomerPatch{DealCurrency: meetings.ChangeTo("PESOS")}}, fault.Validation},
	} {
		c.in.Meeting = m.ID
		_, err := s.Edit.Execute(t.Context(), c.in)
		require.Equal(t, c.code, fault.CodeOf(err), name)
	}
	require.Equal(t, m.Version+1, s.get(t, m.ID).Version, "nothing was stored since the notetaker was sent")
}
