package batchcallsuc_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/batchcalls/batchcallspg"
	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// allChunks are chunks of every sort, allCalls what the provider can have told of a call.
func allChunks() (chunks []batchcalls.Chunk, calls []batchcalls.CallStatus) {
	for _, status := range []batchcalls.ChunkStatus{
		batchcalls.Stored, batchcalls.Sending, batchcalls.Rejected, batchcalls.Doubtful, batchcalls.Absent, batchcalls.Dropped, batchcalls.Superseded,
	} {
		chunks = append(chunks, batchcalls.Chunk{Status: status})
	}
	for _, state := range []batchcalls.Status{batchcalls.Pending, batchcalls.InProgress, batchcalls.Completed, batchcalls.Failed, batchcalls.Cancelled} {
		chunks = append(chunks, batchcalls.Chunk{Status: batchcalls.Accepted, State: state})
	}
	return chunks, []batchcalls.CallStatus{
		batchcalls.CallPending, batchcalls.CallDispatched, batchcalls.CallInitiated, batchcalls.CallInProgress, batchcalls.CallCompleted,
		batchcalls.CallVoicemail, batchcalls.CallNoAnswer, batchcalls.CallBusy, batchcalls.CallFailed, batchcalls.CallCancelled, batchcalls.CallExcluded,
	}
}

func TestAListShowsCallsAsTheirChunksMakeThem(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	ws := s.admin.Workspace
	b := batchcalls.Batch{
		ID: batchcalls.BatchID(uuids{}.New()), PublicID: "btcal_all", Workspace: ws, Kind: batchcalls.Submitted, Name: "Todo",
		Status: batchcalls.InProgress, CreatedAt: s.clock.Now(), UpdatedAt: s.clock.Now(),
	}
	chunks, statuses := allChunks()
	var all []batchcalls.Recipient
	want := map[int]batchcalls.CallStatus{}
	for i := range chunks {
		chunks[i].Batch, chunks[i].Ordinal, chunks[i].Size = b.ID, i, len(statuses)
		for _, status := range statuses {
			r := batchcalls.Recipient{
				Batch: b.ID, Position: len(all), Chunk: i, Phone: phone(len(all)), Body: jsonRaw("{}"), Status: status, UpdatedAt: s.clock.Now(),
			}
			want[r.Position] = r.In(chunks[i])
			all = append(all, r)
		}
	}
	require.NoError(t, s.db.InTx(t.Context(), ws, func(ctx context.Context) error {
		require.NoError(t, batchcallspg.Batches{}.Add(ctx, b))
		for _, c := range chunks {
			require.NoError(t, batchcallspg.Chunks{}.Add(ctx, ws, c))
		}
		return batchcallspg.Recipients{}.Add(ctx, ws, all)
	}))

	got, of := map[int]batchcalls.CallStatus{}, map[batchcalls.CallStatus]int{}
	for page := (kernel.Page{Limit: 50}); ; {
		calls, next, err := s.Queries.Calls(t.Context(), s.admin, b.PublicID, batchcallsuc.CallFilter{}, page)
		require.NoError(t, err)
		for _, c := range calls {
			got[c.Position] = c.Status
			of[c.Status]++
		}
		if next == "" {
			break
		}
		page.Cursor = next
	}
	require.Equal(t, want, got)
	for status, n := range of {
		calls, _, err := s.Queries.Calls(t.Context(), s.admin, b.PublicID, batchcallsuc.CallFilter{Status: status}, kernel.Page{Limit: 100})
		require.NoError(t, err)
		require.Len(t, calls, n, status)
	}
}

func TestACallIsListedWithWhatWasToldOfIt(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	done, err := s.Submit.Execute(t.Context(), s.order(0, 2))
	require.NoError(t, err)
	news := batchcallsuc.CallNews{ProviderBatch: "btcal_vendor0", Ref: done.Batch.ID.RecipientRef(1), Outcome: batchcalls.Outcome{
		Conversation: "conv_a", Status: batchcalls.CallVoicemail, Seconds: 42, EndedAt: s.clock.Now(), Summary: "buzón",
		Collected: map[string]string{"cita": "martes"}, Transcript: []batchcalls.Turn{{Role: "agent", Text: "Hola"}},
	}}
	require.NoError(t, s.Receive.Execute(t.Context(), batchcallsuc.InboundEvent{ID: "e", Body: encode(t, news)}))
	s.run(t)

	calls, _, err := s.Queries.Calls(t.Context(), s.admin, done.Batch.PublicID, batchcallsuc.CallFilter{}, kernel.Page{})
	require.NoError(t, err)
	require.Nil(t, calls[0].Told)
	require.Equal(t, batchcalls.CallVoicemail, calls[1].Told.Status)
	require.Equal(t, map[string]string{"cita": "martes"}, calls[1].Told.Collected)
	require.Equal(t, []any{"buzón", 42}, []any{calls[1].Told.Summary, calls[1].Told.Seconds})
}

func TestBatchesAreListedForTheirWorkspaceAndDoubtfulOnesFound(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.line.breaks(lostReply)
	doubtful, err := s.Submit.Execute(t.Context(), s.order(0, 2))
	require.NoError(t, err)
	for n := range 4 {
		s.clock.ahead.Add(int64(time.Second) * int64(n%2)) // two of each time: the ID decides
		_, err := s.Submit.Execute(t.Context(), s.order(10*n+10, 10*n+12))
		require.NoError(t, err)
	}
	var seen []batchcalls.BatchID
	for page := (kernel.Page{Limit: 2}); ; {
		list, next, err := s.Queries.List(t.Context(), s.admin, batchcallsuc.BatchFilter{}, page)
		require.NoError(t, err)
		for _, b := range list {
			require.NotContains(t, seen, b.ID)
			seen = append(seen, b.ID)
		}
		if next == "" {
			break
		}
		page.Cursor = next
	}
	require.Len(t, seen, 5)
	require.Equal(t, doubtful.Batch.ID, seen[4])
	list, _, err := s.Queries.List(t.Context(), s.admin, batchcallsuc.BatchFilter{IsDoubtful: true}, kernel.Page{})
	require.NoError(t, err)
	require.Len(t, list, 1)
	b, parts, err := s.Queries.Parts(t.Context(), s.admin, list[0].PublicID)
	require.NoError(t, err)
	require.Equal(t, doubtful.Batch.ID, b.ID)
	require.Equal(t, batchcalls.Doubtful, parts[0].Status)

	list, _, err = s.Queries.List(t.Context(), s.other, batchcallsuc.BatchFilter{}, kernel.Page{})
	require.NoError(t, err)
	require.Empty(t, list)
	_, _, err = s.Queries.Parts(t.Context(), s.other, doubtful.Batch.PublicID)
	require.Equal(t, batchcalls.BatchNotFound, fault.CodeOf(err))
	_, _, err = s.Queries.List(t.Context(), kernel.Principal{}, batchcallsuc.BatchFilter{}, kernel.Page{})
	require.Equal(t, fault.ForbiddenCode, fault.CodeOf(err), "whoever the edge let in without a credential sees no list")
	_, _, err = s.Queries.List(t.Context(), s.admin, batchcallsuc.BatchFilter{}, kernel.Page{Cursor: "?"})
	require.Equal(t, fault.Validation, fault.CodeOf(err))
}
