package tertulia

import (
	"encoding/json"
	"time"
)

// ProcessQueueAnswer is what one run of the queue did: GET /api/cron/process-queue.
type ProcessQueueAnswer struct {
	Processed int `json:"processed" doc:"Jobs that ended well." example:"3"`
	Failed    int `json:"failed" doc:"Attempts that failed."`
}

// CleanupAnswer is what one sweep removed: GET /api/cron/cleanup-storage.
type CleanupAnswer struct {
	MediaDeleted      int `json:"mediaDeleted" doc:"Recordings past their retention."`
	CallBatchesErased int `json:"callBatchesErased" doc:"Batches of calls past their retention: phones, variables and transcripts are gone, how calls ended stays."`
	JobsDeleted       int `json:"jobsDeleted" doc:"Finished jobs past their retention."`
}

// CronHealth tells whether jobs keep up: GET /api/admin/cron-health.
type CronHealth struct {
	LastTick *time.Time   `json:"lastTick" doc:"When the scheduler last looked for due jobs."`
	Kinds    []KindHealth `json:"kinds" doc:"One row a kind of job."`
}

// KindHealth is how one kind of job is doing.
type KindHealth struct {
	Kind                    string   `json:"kind" doc:"The kind." example:"analyze_transcript"`
	Pending                 int      `json:"pending" doc:"Waiting."`
	Running                 int      `json:"running" doc:"Running."`
	Failed                  int      `json:"failed" doc:"Given up, waiting for a person."`
	OldestPendingAgeSeconds *float64 `json:"oldestPendingAgeSeconds" doc:"How long the oldest due job has waited."`
	Done24h                 int      `json:"done24h" doc:"Done in the last 24 hours."`
	P50RunMS                *float64 `json:"p50RunMs" doc:"Median run time in those, ms."`
	P95RunMS                *float64 `json:"p95RunMs" doc:"95th percentile of it, ms."`
}

// JobState is where a job stands.
type JobState string

// States of a job. Unknown is a job whose effect outside may or may not have happened: a person decides.
const (
	JobPending   JobState = "pending"
	JobRunning   JobState = "running"
	JobDone      JobState = "done"
	JobDead      JobState = "dead"
	JobUnknown   JobState = "unknown"
	JobCancelled JobState = "cancelled"
)

// Job is a row of the job ledger.
type Job struct {
	ID          string          `json:"id" doc:"The job's ID."`
	Kind        string          `json:"kind" doc:"What it does." example:"sync_hubspot"`
	State       JobState        `json:"state" enum:"pending,running,done,dead,unknown,cancelled" doc:"Where it stands."`
	Attempt     int             `json:"attempt" doc:"Attempts so far."`
	MaxAttempts int             `json:"maxAttempts" doc:"Attempts before it is given up."`
	RunAt       time.Time       `json:"runAt" doc:"Not before."`
	CreatedAt   time.Time       `json:"createdAt" doc:"When it was stored."`
	StartedAt   *time.Time      `json:"startedAt" doc:"When the last attempt began."`
	FinishedAt  *time.Time      `json:"finishedAt" doc:"When it ended."`
	LastError   *string         `json:"lastError" doc:"What the last attempt said."`
	RequestID   *string         `json:"requestId" doc:"The request that led to it."`
	Payload     json.RawMessage `json:"payload,omitempty" doc:"What it works on; only in a single job."`
}

// JobFilter chooses jobs: the query of GET /v1/admin/jobs.
type JobFilter struct {
	PageQuery
	State JobState `query:"state" enum:"pending,running,done,dead,unknown,cancelled" doc:"pending, running, done, dead, unknown or cancelled." example:"dead"`
	Kind  string   `query:"kind" maxLength:"100" pattern:"^[a-z0-9_]*$" doc:"One kind." example:"sync_hubspot"`
}

// JobPage is a stretch of the list of jobs, newest first.
type JobPage struct {
	Data       []Job   `json:"data" doc:"The jobs."`
	NextCursor *string `json:"nextCursor" doc:"Where the next page begins; null on the last."`
}
