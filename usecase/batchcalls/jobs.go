package batchcallsuc

import (
	"strconv"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

// WatchCalls looks which chunks of a workspace it is time to do something about, as long as there are any.
type WatchCalls struct {
	Idle int `json:"idle,omitempty"` // looks in a row that found nothing open
}

// Kind implements port.Job.
func (WatchCalls) Kind() string { return "watch_calls" }

// Unique implements port.UniqueJob.
func (WatchCalls) Unique() string { return "" }

// SendChunks sends a batch's stored chunks, one after the other.
type SendChunks struct {
	Batch batchcalls.BatchID `json:"batch"`
}

// Kind implements port.Job.
func (SendChunks) Kind() string { return "send_call_chunks" }

// Unique implements port.UniqueJob.
func (j SendChunks) Unique() string { return j.Batch.String() }

// PollBatch asks the provider how a batch's calls go.
type PollBatch struct {
	Batch batchcalls.BatchID `json:"batch"`
}

// Kind implements port.Job.
func (PollBatch) Kind() string { return "poll_call_batch" }

// Unique implements port.UniqueJob.
func (j PollBatch) Unique() string { return j.Batch.String() }

// FindChunk looks for a chunk at the provider whose request was never answered.
type FindChunk struct {
	Batch   batchcalls.BatchID `json:"batch"`
	Ordinal int                `json:"ordinal"`
}

// Kind implements port.Job.
func (FindChunk) Kind() string { return "find_call_chunk" }

// Unique implements port.UniqueJob.
func (j FindChunk) Unique() string { return j.Batch.String() + "/" + strconv.Itoa(j.Ordinal) }
