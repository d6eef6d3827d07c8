package batchcallsuc_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/batchcalls/batchcallspg"
	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// counted are chunks that count how many of them are read.
type counted struct {
	rows *atomic.Int64
	batchcallspg.Chunks
}

// Of implements batchcallsuc.Chunks.
func (c counted) Of(ctx context.Context, ref batchcallsuc.BatchRef) ([]batchcalls.Chunk, error) {
	chunks, err := c.Chunks.Of(ctx, ref)
	c.rows.Add(int64(len(chunks)))
	return chunks, err
}

// Live implements batchcallsuc.ChunkReads.
func (c counted) Live(ctx context.Context, ref batchcallsuc.BatchRef) ([]batchcalls.Chunk, error) {
	chunks, err := c.Chunks.Live(ctx, ref)
	c.rows.Add(int64(len(chunks)))
	return chunks, err
}

// One implements batchcallsuc.ChunkReads.
func (c counted) One(ctx context.Context, ref batchcallsuc.BatchRef, ordinal int) (batchcalls.Chunk, bool, error) {
	c.rows.Add(1)
	return c.Chunks.One(ctx, ref, ordinal)
}

func TestALongCampaignReadsNoMoreChunksACallThanAShortOne(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	set := settings()
	set.Limits.MaxConcurrent, set.Limits.ChunkSize = 1, 1
	const people, span = 40, 10
	c := s.start(t, set, many(0, people)...)
	var read []int64 // for every ten calls
	for n := range people {
		if n%span == 0 {
			read = append(read, 0)
		}
		before := s.chunksRead.Load()
		s.line.move(batchcalls.CallCompleted, mexican(n))
		s.line.set(func() { s.line.batches[n].Dispatched, s.line.batches[n].Finished = 1, 1 })
		s.pass(t, 15*time.Second) // the poller finds out
		s.told(t, c, n, batchcalls.CallCompleted, 20)
		read[n/span] += s.chunksRead.Load() - before
	}
	require.Len(t, s.line.sizes(), people)
	p := s.progress(t, c)
	require.Equal(t, []int{0, people * 20}, []int{p.Campaign.Live, int(p.Campaign.SpentSeconds)})
	require.Equal(t, []int{people, people}, []int{p.Campaign.Dispatched, p.Campaign.Finished}, "the counts are those of all chunks")
	t.Log("chunks read for every ten calls:", read)
	require.InDelta(t, read[0], read[3], float64(read[0])/5)
}
