package embed_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

func TestBatchesAreListedWithTheirPartsAndPeople(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	first, err := s.Service.BatchCalls.Submit(t.Context(), campaign("Octubre", "+34631021622", "+34612215815"))
	require.NoError(t, err)
	_, err = s.Service.BatchCalls.Submit(t.Context(), campaign("Noviembre", "+34631021622"))
	require.NoError(t, err)

	page, err := s.Rep.BatchCalls.List(t.Context(), tertulia.BatchFilter{PageQuery: tertulia.PageQuery{Limit: 1}})
	require.NoError(t, err)
	require.Equal(t, "Noviembre", page.Data[0].Name, "the newest first")
	require.NotNil(t, page.NextCursor)
	var names []string
	for b, err := range s.Rep.BatchCalls.All(t.Context(), tertulia.BatchFilter{Status: "pending", PageQuery: tertulia.PageQuery{Limit: 1}}) {
		require.NoError(t, err)
		names = append(names, b.Name)
	}
	require.Equal(t, []string{"Noviembre", "Octubre"}, names)
	page, err = s.Rep.BatchCalls.List(t.Context(), tertulia.BatchFilter{Status: "cancelled"})
	require.NoError(t, err)
	require.Empty(t, page.Data)
	page, err = s.Other.BatchCalls.List(t.Context(), tertulia.BatchFilter{})
	require.NoError(t, err)
	require.Empty(t, page.Data, "another workspace has none")

	d, err := s.Rep.BatchCalls.Detail(t.Context(), first.Batch.ID)
	require.NoError(t, err)
	require.Equal(t, "submitted", d.Kind)
	require.Equal(t, 2, d.Recipients)
	require.Len(t, d.Parts, 1)
	require.Equal(t, "accepted", d.Parts[0].Status)
	require.NotEmpty(t, *d.Parts[0].ProviderID)
	require.Equal(t, "pending", *d.Parts[0].ProviderStatus)
	same, err := s.Rep.BatchCalls.Detail(t.Context(), *d.Parts[0].ProviderID)
	require.NoError(t, err)
	require.Equal(t, d.ID, same.ID, "the provider's ID leads to it too")

	people, err := s.Rep.BatchCalls.Recipients(t.Context(), first.Batch.ID, tertulia.BatchCallFilter{PageQuery: tertulia.PageQuery{Limit: 1}})
	require.NoError(t, err)
	require.Equal(t, "+34631021622", people.Data[0].Phone)
	require.Equal(t, map[string]any{"nombre": "Juan"}, people.Data[0].Variables)
	require.Nil(t, people.Data[0].Outcome)
	var phones []string
	for p, err := range s.Rep.BatchCalls.AllRecipients(t.Context(), first.Batch.ID, tertulia.BatchCallFilter{PageQuery: tertulia.PageQuery{Limit: 1}}) {
		require.NoError(t, err)
		phones = append(phones, p.Phone)
	}
	require.Equal(t, []string{"+34631021622", "+34612215815"}, phones)

	for _, id := range []string{"btcal_nobodys", "..", "a b", "\x00"} {
		_, err = s.Rep.BatchCalls.Detail(t.Context(), id)
		refused, ok := errors.AsType[*tertulia.APIError](err)
		require.True(t, ok)
		require.Equal(t, http.StatusNotFound, refused.Status, "%q", id)
	}
	_, err = s.Other.BatchCalls.Detail(t.Context(), first.Batch.ID)
	requireCode(t, err, http.StatusNotFound, tertulia.CodeCallBatchNotFound)
}

func TestADoubtfulPartIsListedAndResumedByAPersonOnceItIsKnownToBeAbsent(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	s.Sandbox.Fault(sandboxtest.Fault{Vendor: "elevenlabs", Path: "/v1/convai/batch-calling/submit", Status: http.StatusServiceUnavailable})
	_, err := s.Service.BatchCalls.Submit(t.Context(), campaign("Octubre", "+34631021622"))
	require.Error(t, err)
	_, err = s.Service.BatchCalls.Submit(t.Context(), campaign("Noviembre", "+34631021622"))
	require.NoError(t, err)

	page, err := s.Rep.BatchCalls.List(t.Context(), tertulia.BatchFilter{Doubtful: true})
	require.NoError(t, err)
	require.Len(t, page.Data, 1)
	id := page.Data[0].ID
	s.Hasten(t, "known to be absent", func() bool {
		d, err := s.Rep.BatchCalls.Detail(t.Context(), id)
		require.NoError(t, err)
		return d.Parts[0].Status == "absent"
	})
	d, err := s.Rep.BatchCalls.Detail(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "failed", d.Status)
	require.True(t, d.Parts[0].IsDoubtful())
	require.Equal(t, http.StatusServiceUnavailable, *d.Parts[0].ErrorStatus)
	unknown, err := s.Rep.BatchCalls.Recipients(t.Context(), id, tertulia.BatchCallFilter{Status: "unknown"})
	require.NoError(t, err)
	require.Len(t, unknown.Data, 1)

	_, err = s.Rep.BatchCalls.Resume(t.Context(), id)
	requireCode(t, err, http.StatusForbidden, tertulia.CodeForbidden)
	_, err = s.Admin.BatchCalls.Resume(t.Context(), id)
	require.NoError(t, err)
	_, err = s.Admin.BatchCalls.Resume(t.Context(), id)
	requireCode(t, err, http.StatusConflict, tertulia.CodeNothingToResume)
	s.WaitFor(t, "the provider has it", func() bool {
		d, err := s.Rep.BatchCalls.Detail(t.Context(), id)
		require.NoError(t, err)
		return slices.ContainsFunc(d.Parts, func(p tertulia.BatchPart) bool { return p.Status == "accepted" })
	})
}

func TestWatchingABatchEndsWhenItIsOver(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	sent, err := s.Service.BatchCalls.Submit(t.Context(), campaign("Octubre", "+34631021622"))
	require.NoError(t, err)
	var statuses []string
	for b, err := range s.Rep.BatchCalls.Watch(t.Context(), sent.Batch.ID) {
		require.NoError(t, err)
		if statuses = append(statuses, b.Status); len(statuses) == 1 {
			_, err := s.Service.BatchCalls.Cancel(t.Context(), sent.Batch.ID)
			require.NoError(t, err)
		}
	}
	require.Equal(t, []string{"pending", "cancelled"}, statuses)

	for b, err := range s.Rep.BatchCalls.Watch(t.Context(), sent.Batch.ID) {
		require.NoError(t, err)
		statuses = append(statuses, b.Status)
	}
	require.Equal(t, []string{"pending", "cancelled", "cancelled"}, statuses, "one that is over is looked at once")
	last, err := s.Rep.BatchCalls.Wait(t.Context(), sent.Batch.ID)
	require.NoError(t, err)
	require.True(t, last.IsFinal())
}

func TestWhatIsPersonalOfABatchIsErasedByTheDailySweep(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker(), embedtest.Configured(func(c *embed.Config) { c.Retention.CallDays = 30 }))
	sent, err := s.Service.BatchCalls.Submit(t.Context(), campaign("Octubre", "+34631021622", "+34612215815"))
	require.NoError(t, err)
	_, err = s.Service.BatchCalls.Cancel(t.Context(), sent.Batch.ID)
	require.NoError(t, err)
	kept, err := s.Scheduler.Cron.CleanupStorage(t.Context())
	require.NoError(t, err)
	require.Zero(t, kept.CallBatchesErased)

	s.Clock.Advance(31 * 24 * time.Hour)
	swept, err := s.Scheduler.Cron.CleanupStorage(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, swept.CallBatchesErased)
	b, err := s.Service.BatchCalls.Get(t.Context(), sent.Batch.ID)
	require.NoError(t, err)
	require.Len(t, b.Recipients, 2)
	require.Empty(t, b.Recipients[0].PhoneNumber)
	require.Equal(t, "null", string(b.Recipients[0].ClientData))
	require.Equal(t, tertulia.CallCancelled, b.Recipients[0].Status)
	people, err := s.Rep.BatchCalls.Recipients(t.Context(), sent.Batch.ID, tertulia.BatchCallFilter{})
	require.NoError(t, err)
	require.Empty(t, people.Data[1].Phone)
	require.Empty(t, people.Data[1].Variables)
	c, err := s.Admin.Campaigns.Create(t.Context(), draft("Noviembre"))
	require.NoError(t, err)
	require.Equal(t, 30, c.RetentionDays, "a campaign begins with the same")
}
