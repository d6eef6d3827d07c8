package batchcallsuc_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

func TestACampaignCallsItsPeopleAndIsCompleted(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	c := s.start(t, settings(), many(0, 3)...)
	p := s.progress(t, c)
	require.Equal(t, batchcalls.InProgress, p.Campaign.Status)
	require.Equal(t, 3, p.Campaign.Live)
	require.Equal(t, batchcallsuc.Counts{ByStatus: map[batchcalls.CallStatus]int{"pending": 3}}, p.Counts)
	require.Equal(t, []int{3}, s.line.sizes())

	s.line.end(batchcalls.CallCompleted)
	s.pass(t, 3*time.Minute)

	p = s.progress(t, c)
	require.Equal(t, batchcalls.Completed, p.Campaign.Status)
	require.Equal(t, map[batchcalls.CallStatus]int{"completed": 3}, p.Counts.ByStatus)
	require.Zero(t, p.Campaign.Live)
	require.NotZero(t, p.Campaign.EndedAt)
	require.Equal(t, []string{"call_batch.completed"}, s.events(t, c))
	most, n := s.line.times()
	require.Equal(t, []int{1, 3}, []int{most, n})
}

func TestADraftIsStartedOnlyWhenItCanWork(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.agents.texts, s.agents.bursting = []string{"Buenos días, {{nombre}}"}, true
	set := settings()
	set.Consent = batchcalls.Consent{}
	c := s.draft(t, set)
	_, err := s.campaigns.Start.Execute(t.Context(), s.ref(c))
	require.Equal(t, []string{"consent.kind:REQUIRED", "recipients:NOBODY_TO_CALL"}, fieldsOf(t, err))

	s.agents.away = errAway // nobody can tell what a row needs
	s.add(t, c, mexican(1))
	_, err = s.campaigns.Start.Execute(t.Context(), s.ref(c))
	require.ErrorIs(t, err, errAway)
	s.agents.away = nil
	edit := batchcallsuc.EditCampaignInput{CampaignRef: s.ref(c), Settings: func(s *batchcalls.Settings) {
		s.Consent = batchcalls.Consent{Kind: batchcalls.ExpressWritten, Note: "formulario"}
	}}
	c, err = s.campaigns.Edit.Execute(t.Context(), edit)
	require.NoError(t, err)
	require.Equal(t, "service", c.Settings.Consent.By)
	require.Equal(t, s.clock.Now(), c.Settings.Consent.At)
	_, err = s.campaigns.Start.Execute(t.Context(), s.ref(c))
	require.Equal(t, []string{"recipients:MISSING_VARIABLE"}, fieldsOf(t, err))
	found, err := s.campaigns.Preflight.Execute(t.Context(), s.ref(c))
	require.NoError(t, err)
	require.Equal(t, []batchcallsuc.MissingVariable{{Position: 0, Line: 2, Name: "nombre"}}, found.Missing)
	require.Equal(t, []batchcallsuc.Warning{{Code: batchcallsuc.WarnBursting}, {Code: batchcallsuc.WarnNoBudget}}, found.Warnings)

	nobody := "agent_none"
	_, err = s.campaigns.Edit.Execute(t.Context(), batchcallsuc.EditCampaignInput{CampaignRef: s.ref(c), Agent: &nobody})
	require.NoError(t, err)
	_, err = s.campaigns.Start.Execute(t.Context(), s.ref(c))
	require.Equal(t, []string{"agentId:VOICE_AGENT_NOT_FOUND"}, fieldsOf(t, err))
	s.run(t)
	require.Zero(t, s.line.asked)
}

func TestOnlyAdminsAndServicesOfTheWorkspaceChangeCampaigns(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	c := s.draft(t, settings(), mexican(1))
	rep := s.admin
	rep.Kind, rep.Role, rep.Rep = 2, 1, "0190a000-0000-7000-8000-000000000001"
	as := batchcallsuc.CampaignRef{Actor: rep, PublicID: c.PublicID}
	_, err := s.campaigns.Start.Execute(t.Context(), as)
	require.Equal(t, fault.Forbidden, fault.KindOf(err))
	_, err = s.campaigns.Queries.Get(t.Context(), as)
	require.NoError(t, err, "reps may read")
	as = batchcallsuc.CampaignRef{Actor: s.other, PublicID: c.PublicID}
	_, err = s.campaigns.Start.Execute(t.Context(), as)
	require.Equal(t, batchcalls.BatchNotFound, fault.CodeOf(err))
	_, err = s.campaigns.Queries.Get(t.Context(), as)
	require.Equal(t, batchcalls.BatchNotFound, fault.CodeOf(err))
}

func TestACampaignIsCreatedOnceAKey(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	in := batchcallsuc.CreateCampaignInput{
		Actor: s.admin, Name: "Una", Agent: "agent_1", PhoneNumber: "phnum_1", Settings: settings(), Key: "k", BodyHash: "a",
	}
	first, err := s.campaigns.Create.Execute(t.Context(), in)
	require.NoError(t, err)
	again, err := s.campaigns.Create.Execute(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, first.ID, again.ID)
	in.BodyHash = "b"
	_, err = s.campaigns.Create.Execute(t.Context(), in)
	require.Equal(t, fault.IdempotencyKeyReused, fault.CodeOf(err))
	in.Settings.Limits.ChunkSize, in.Settings.Window.End, in.Name = 501, 0, ""
	_, err = s.campaigns.Create.Execute(t.Context(), in)
	require.Equal(t, []string{"name:REQUIRED", "window.end:RANGE", "limits.chunkSize:RANGE"}, fieldsOf(t, err))
}

func TestACampaignBeginsAtItsTime(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	at := s.clock.Now().Add(time.Hour)
	c := s.draft(t, settings(), mexican(1))
	_, err := s.campaigns.Edit.Execute(t.Context(), batchcallsuc.EditCampaignInput{CampaignRef: s.ref(c), StartAt: &at})
	require.NoError(t, err)
	c, err = s.campaigns.Start.Execute(t.Context(), s.ref(c))
	require.NoError(t, err)
	require.Equal(t, batchcalls.Pending, c.Status)
	s.pass(t, time.Minute)
	require.Equal(t, at, s.progress(t, c).Campaign.NextLook)
	require.Zero(t, s.line.asked)
	s.shift(59 * time.Minute)
	s.run(t)
	require.Equal(t, 1, s.line.asked)
	require.Equal(t, batchcalls.InProgress, s.progress(t, c).Campaign.Status)
}

func TestACampaignIsABatchThatIsStoppedButNotResumedAsOne(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	c := s.start(t, settings(), many(0, 2)...)
	_, err := s.UseCases.Resume.Execute(t.Context(), batchcallsuc.ResumeInput{Actor: s.admin, PublicID: c.PublicID})
	require.Equal(t, batchcalls.BatchIsCampaign, fault.CodeOf(err))
	_, err = s.UseCases.Resume.Execute(t.Context(), batchcallsuc.ResumeInput{Actor: s.other, PublicID: c.PublicID})
	require.Equal(t, batchcalls.BatchNotFound, fault.CodeOf(err), "another workspace hears nothing of it")
	b, err := s.cancel(t, c.PublicID)
	require.NoError(t, err)
	require.Equal(t, batchcalls.Cancelled, b.Status)
	s.pass(t, time.Minute)
	require.Equal(t, map[batchcalls.CallStatus]int{"cancelled": 2}, s.progress(t, c).Counts.ByStatus)
	require.Equal(t, []string{"call_batch.cancelled"}, s.events(t, c))
	_, err = s.campaigns.Cancel.Execute(t.Context(), s.ref(c))
	require.Equal(t, batchcalls.WrongCampaignState, fault.CodeOf(err))
}

func TestWhatIsWrongWithAnEditIsToldAndChangesNothing(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	c := s.draft(t, settings())
	empty := " "
	_, err := s.campaigns.Edit.Execute(t.Context(), batchcallsuc.EditCampaignInput{CampaignRef: s.ref(c), Name: &empty, Agent: &empty})
	require.Equal(t, []string{"name:REQUIRED", "agentId:REQUIRED"}, fieldsOf(t, err))
	_, err = s.campaigns.Edit.Execute(t.Context(), batchcallsuc.EditCampaignInput{CampaignRef: s.ref(c), Settings: func(s *batchcalls.Settings) {
		s.Consent, s.Region, s.Retry.MaxAttempts = batchcalls.Consent{Kind: batchcalls.OtherGround}, "mx", 11
		s.BudgetSeconds, s.Estimate, s.RetentionDays, s.Limits.CallsPerSecond = -60, time.Second, -1, -1
	}})
	require.Equal(t, []string{
		"consent.note:REQUIRED", "retry.maxAttempts:RANGE", "defaultRegion:FORMAT", "limits.callsPerSecond:RANGE", "budget.minutes:RANGE",
		"budget.estimateSeconds:RANGE", "retentionDays:RANGE",
	}, fieldsOf(t, err))
	require.Equal(t, c.Settings, s.progress(t, c).Campaign.Settings)
	_, _, err = s.campaigns.Retry.Execute(t.Context(), batchcallsuc.RetryRecipientsInput{
		CampaignRef: s.ref(c), Outcomes: []batchcalls.CallStatus{"completed"},
	})
	require.Equal(t, []string{"outcomes[0]:ONE_OF"}, fieldsOf(t, err))
}
