package batchcallsuc_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

func TestFiftyThousandPeopleAreAddedAndTheProgressIsExact(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	set := settings()
	set.Limits.MaxConcurrent, set.Limits.ChunkSize, set.Breaker = 1000, 500, false
	c := s.draft(t, set)
	added := s.add(t, c, many(0, 50_000)...)
	require.Equal(t, 50_000, added.Added)
	require.Equal(t, 50_000, s.add(t, c, many(0, 50_000)...).Known, "the same file again adds nobody")
	_, err := s.campaigns.Start.Execute(t.Context(), s.ref(c))
	require.NoError(t, err)
	s.run(t)
	p := s.progress(t, c)
	require.Equal(t, []int{1000, 49_000, 1000}, []int{p.Campaign.Live, p.Counts.Waiting, p.Counts.ByStatus[batchcalls.CallPending]})
	for wave := range 3 {
		s.line.end([]batchcalls.CallStatus{batchcalls.CallCompleted, batchcalls.CallNoAnswer, batchcalls.CallBusy}[wave])
		s.pass(t, 30*time.Second)
	}
	p = s.progress(t, c)
	require.Equal(t, 50_000, p.Campaign.Total)
	require.Equal(t, map[batchcalls.CallStatus]int{"completed": 1000, "no_answer": 1000, "busy": 1000, "pending": 1000}, p.Counts.ByStatus)
	require.Equal(t, 46_000, p.Counts.Waiting)
	require.InDelta(t, 600, p.PerMinute, 0)
	most, n := s.line.times()
	require.Equal(t, []int{1, 4000}, []int{most, n})
}

func TestPeopleAreAddedWhileACampaignIsRunningPausedOrDoneWith(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	c := s.start(t, settings(), mexican(0))
	s.add(t, c, mexican(1))
	s.run(t)
	require.Equal(t, map[string]int{mexican(0): 1, mexican(1): 1}, s.line.calls())
	_, err := s.campaigns.Pause.Execute(t.Context(), s.ref(c))
	require.NoError(t, err)
	s.add(t, c, mexican(2))
	s.run(t)
	require.Len(t, s.line.calls(), 2)
	_, err = s.campaigns.Cancel.Execute(t.Context(), s.ref(c))
	require.NoError(t, err)
	_, err = s.campaigns.AddRecipients.Execute(t.Context(), batchcallsuc.AddRecipientsInput{CampaignRef: s.ref(c), File: file(mexican(3))})
	require.Equal(t, batchcalls.WrongCampaignState, fault.CodeOf(err))
	s.run(t)
	require.Equal(t, 3, s.progress(t, c).Counts.ByStatus[batchcalls.CallCancelled])
}

func TestWhatARowGivesIsWhatTheProviderIsSent(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.agents.texts, s.agents.allowed = []string{"{{nombre}}"}, []string{"language"}
	c := s.draft(t, settings())
	csv := "telefono;nombre;language\n" + mexican(0) + ";Inés;pt\n" + mexican(1) + ";;es\n"
	in := batchcallsuc.AddRecipientsInput{CampaignRef: s.ref(c), File: strings.NewReader(csv)}
	added, err := s.campaigns.AddRecipients.Execute(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, []int{1, 1}, []int{added.Added, added.Bad})
	_, err = s.campaigns.Start.Execute(t.Context(), s.ref(c))
	require.NoError(t, err)
	s.run(t)
	require.JSONEq(t, fmt.Sprintf(`{"id":%q,"phone_number":%q,"conversation_initiation_client_data":{
		"dynamic_variables":{"nombre":"Inés"},"conversation_config_override":{"agent":{"language":"pt"}}}}`, c.ID.RecipientRef(0), mexican(0)),
		string(s.line.sent[mexican(0)]))
}

func TestProgressIsFollowedUntilTheCampaignIsOver(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	c := s.start(t, settings(), mexican(0))
	var seen []batchcalls.Status
	first := make(chan struct{})
	var follower sync.WaitGroup
	follower.Go(func() {
		require.NoError(t, s.campaigns.Queries.Follow(t.Context(), s.ref(c), time.Millisecond, func(p batchcallsuc.CampaignProgress) error {
			if seen = append(seen, p.Campaign.Status); len(seen) == 1 {
				close(first)
			}
			return nil
		}))
	})
	<-first
	s.line.end(batchcalls.CallCompleted)
	s.pass(t, 3*time.Minute)
	follower.Wait()
	require.Equal(t, batchcalls.InProgress, seen[0])
	require.Equal(t, batchcalls.Completed, seen[len(seen)-1])
}

func TestWhatIsPersonalIsErasedAndTheCountsStay(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	set := settings()
	set.RetentionDays = 30
	c := s.start(t, set, many(0, 2)...)
	s.told(t, c, 0, batchcalls.CallCompleted, 61)
	s.line.move(batchcalls.CallNoAnswer, mexican(1))
	s.pass(t, 3*time.Minute)
	var rows int
	require.NoError(t, s.campaigns.Queries.Export(t.Context(), s.ref(c), func(p batchcallsuc.PersonCalls) error {
		require.Equal(t, mexican(p.Person.Position), string(p.Person.Phone))
		require.Len(t, p.Attempts, 1)
		require.Len(t, p.Outcomes, 1-p.Person.Position)
		rows++
		return nil
	}))
	require.Equal(t, 2, rows)

	s.shift(29 * 24 * time.Hour)
	s.run(t)
	require.Zero(t, s.progress(t, c).Campaign.PurgedAt)
	s.shift(24 * time.Hour)
	s.run(t)
	p := s.progress(t, c)
	require.NotZero(t, p.Campaign.PurgedAt)
	require.Equal(t, map[batchcalls.CallStatus]int{"completed": 1, "no_answer": 1}, p.Counts.ByStatus)
	require.EqualValues(t, 61, p.Campaign.SpentSeconds)
	calls, err := s.campaigns.Queries.Calls(t.Context(), s.ref(c), 0)
	require.NoError(t, err)
	require.Empty(t, calls.Person.Phone)
	require.JSONEq(t, `{}`, string(calls.Person.Body))
	require.Empty(t, calls.Attempts[0].Phone)
	require.Empty(t, calls.Outcomes[0].Transcript)
	require.Empty(t, calls.Outcomes[0].Summary)
}

func TestTheDoNotCallListIsKept(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	add := batchcallsuc.AddDoNotCallInput{Actor: s.admin, Phones: []string{"55 1000 0001", "no"}, Region: "MX", Reason: "lo pidió"}
	_, err := s.campaigns.AddDoNotCall.Execute(t.Context(), add)
	require.Equal(t, []string{"phones[1]:BAD_PHONE"}, fieldsOf(t, err))
	add.Phones = []string{"55 1000 0001", mexican(1), mexican(2)}
	n, err := s.campaigns.AddDoNotCall.Execute(t.Context(), add)
	require.NoError(t, err)
	require.Equal(t, 2, n)
	s.shift(time.Second)
	report, n, err := s.campaigns.ImportDoNotCall.Execute(t.Context(), batchcallsuc.ImportDoNotCallInput{
		Actor: s.admin, File: file(mexican(2), mexican(3), "x"),
	})
	require.NoError(t, err)
	require.Equal(t, []int{1, 1}, []int{n, report.Bad})
	list, next, err := s.campaigns.Queries.ListDoNotCall(t.Context(), s.admin, kernel.Page{Limit: 2})
	require.NoError(t, err)
	require.Equal(t, []string{mexican(3), mexican(2)}, []string{string(list[0].Phone), string(list[1].Phone)})
	list, next, err = s.campaigns.Queries.ListDoNotCall(t.Context(), s.admin, kernel.Page{Limit: 2, Cursor: next})
	require.NoError(t, err)
	require.Empty(t, next)
	require.Equal(t, "lo pidió", list[0].Reason)
	require.NoError(t, s.campaigns.RemoveDoNotCall.Execute(t.Context(), batchcallsuc.RemoveDoNotCallInput{Actor: s.admin, Phone: mexican(1)}))
	err = s.campaigns.RemoveDoNotCall.Execute(t.Context(), batchcallsuc.RemoveDoNotCallInput{Actor: s.admin, Phone: mexican(1)})
	require.Equal(t, batchcalls.RecipientNotFound, fault.CodeOf(err))
	others, _, err := s.campaigns.Queries.ListDoNotCall(t.Context(), s.other, firstPage)
	require.NoError(t, err)
	require.Empty(t, others)
}

func TestListsArePagedAndFiltered(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	drafts := []batchcalls.CampaignState{s.draft(t, settings()), s.draft(t, settings(), many(0, 3)...)}
	running := s.start(t, settings(), mexican(5))
	page, next, err := s.campaigns.Queries.List(t.Context(), s.admin, batchcallsuc.CampaignFilter{Status: batchcalls.Draft}, kernel.Page{Limit: 1})
	require.NoError(t, err)
	require.Equal(t, drafts[1].ID, page[0].ID)
	page, next, err = s.campaigns.Queries.List(t.Context(), s.admin, batchcallsuc.CampaignFilter{Status: batchcalls.Draft}, kernel.Page{Limit: 1, Cursor: next})
	require.NoError(t, err)
	require.Equal(t, drafts[0].ID, page[0].ID)
	require.Empty(t, next)
	_, _, err = s.campaigns.Queries.List(t.Context(), s.admin, batchcallsuc.CampaignFilter{}, kernel.Page{Cursor: "x!"})
	require.Equal(t, []string{"cursor:FORMAT"}, fieldsOf(t, err))

	people, more, err := s.campaigns.Queries.Recipients(t.Context(), s.ref(drafts[1]), batchcallsuc.PeopleFilter{Waiting: true}, kernel.Page{Limit: 2})
	require.NoError(t, err)
	require.Len(t, people, 2)
	require.Equal(t, []string{"America/Mexico_City"}, people[0].Zones)
	people, more, err = s.campaigns.Queries.Recipients(t.Context(), s.ref(drafts[1]), batchcallsuc.PeopleFilter{}, kernel.Page{Limit: 2, Cursor: more})
	require.NoError(t, err)
	require.Equal(t, 2, people[0].Position)
	require.Empty(t, more)
	people, _, err = s.campaigns.Queries.Recipients(t.Context(), s.ref(running), batchcallsuc.PeopleFilter{Status: batchcalls.CallPending}, firstPage)
	require.NoError(t, err)
	require.Len(t, people, 1)
	_, err = s.campaigns.Queries.Calls(context.WithoutCancel(t.Context()), s.ref(running), 7)
	require.Equal(t, batchcalls.RecipientNotFound, fault.CodeOf(err))
}
