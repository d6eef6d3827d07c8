package batchcallspg

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// Campaigns implements batchcallsuc.Campaigns.
type Campaigns struct{}

// campaignColumns are those of call_campaigns, in the order in which arguments and results hold them.
const campaignColumns = `consent_kind, consent_note, consent_by, consent_at, window_start, window_end, window_days, region, max_concurrent,
	per_second, chunk_size, daily_calls, max_attempts, retry_rules, budget_seconds, estimate_seconds, breaker, retention_days, start_at,
	pause_reason, pause_detail, resumed_at, bucket_tokens, bucket_at, spent_seconds, waiting, next_look, ended_at, purged_at`

// ruleRow is a retry rule as it is stored.
type ruleRow struct {
	Outcome batchcalls.CallStatus `json:"outcome"`
	Seconds int64                 `json:"after_seconds"`
	Times   int                   `json:"times"`
}

type campaignRow struct {
	batchRow
	Live        int
	ConsentKind string
	ConsentNote string
	ConsentBy   string
	ConsentAt   *time.Time
	Start, End  int
	Days        int16
	Region      string
	Concurrent  int
	PerSecond   float64
	Chunk       int
	Daily       int
	Attempts    int
	Rules       []byte
	Budget      int64
	Estimate    int64
	Breaker     bool
	Retention   int
	StartAt     *time.Time
	Pause       string
	Detail      string
	ResumedAt   *time.Time
	Tokens      int
	BucketAt    *time.Time
	Spent       int64
	Waiting     string
	NextLook    *time.Time
	EndedAt     *time.Time
	PurgedAt    *time.Time
}

func (r campaignRow) state() (batchcalls.CampaignState, error) {
	var rules []ruleRow
	if err := json.Unmarshal(r.Rules, &rules); err != nil {
		return batchcalls.CampaignState{}, fmt.Errorf("decode retry rules: %w", err)
	}
	policy := batchcalls.RetryPolicy{MaxAttempts: r.Attempts}
	for _, rule := range rules {
		policy.Rules = append(policy.Rules, batchcalls.RetryRule{
			Outcome: rule.Outcome, After: time.Duration(rule.Seconds) * time.Second, Times: rule.Times,
		})
	}
	return batchcalls.CampaignState{
		Batch: r.batch(),
		Settings: batchcalls.Settings{
			Consent: batchcalls.Consent{
				Kind: batchcalls.ConsentKind(r.ConsentKind), Note: r.ConsentNote, By: r.ConsentBy, At: timeOf(r.ConsentAt),
			},
			Window: batchcalls.Window{Start: r.Start, End: r.End, Days: batchcalls.Weekdays(r.Days)}, Region: r.Region,
			Limits: batchcalls.Limits{
				MaxConcurrent: r.Concurrent, CallsPerSecond: batchcalls.Rate(r.PerSecond), ChunkSize: r.Chunk, DailyCalls: r.Daily,
			},
			Retry: policy, BudgetSeconds: r.Budget, Estimate: time.Duration(r.Estimate) * time.Second, Breaker: r.Breaker,
			RetentionDays: r.Retention,
		},
		StartAt: timeOf(r.StartAt), PauseReason: batchcalls.PauseReason(r.Pause), PauseDetail: r.Detail, ResumedAt: timeOf(r.ResumedAt),
		Bucket: batchcalls.Bucket{Tokens: r.Tokens, At: timeOf(r.BucketAt)}, SpentSeconds: r.Spent, Live: r.Live,
		Waiting: batchcalls.Reason(r.Waiting), NextLook: timeOf(r.NextLook), EndedAt: timeOf(r.EndedAt), PurgedAt: timeOf(r.PurgedAt),
	}, nil
}

// args are the values of campaignColumns.
func args(c batchcalls.CampaignState) ([]any, error) {
	s := c.Settings
	rules := make([]ruleRow, len(s.Retry.Rules))
	for i, r := range s.Retry.Rules {
		rules[i] = ruleRow{Outcome: r.Outcome, Seconds: int64(r.After / time.Second), Times: r.Times}
	}
	raw, err := json.Marshal(rules)
	if err != nil {
		return nil, fmt.Errorf("encode retry rules: %w", err)
	}
	return []any{
		string(s.Consent.Kind), clean(s.Consent.Note), clean(s.Consent.By), nullTime(s.Consent.At), s.Window.Start, s.Window.End,
		int16(s.Window.Days), s.Region, s.Limits.MaxConcurrent, float64(s.Limits.CallsPerSecond), s.Limits.ChunkSize, s.Limits.DailyCalls,
		s.Retry.MaxAttempts, string(raw), s.BudgetSeconds, int64(s.Estimate / time.Second), s.Breaker, s.RetentionDays, nullTime(c.StartAt),
		string(c.PauseReason), clean(c.PauseDetail), nullTime(c.ResumedAt), c.Bucket.Tokens, nullTime(c.Bucket.At), c.SpentSeconds,
		string(c.Waiting), nullTime(c.NextLook), nullTime(c.EndedAt), nullTime(c.PurgedAt),
	}, nil
}

// Add implements batchcallsuc.Campaigns.
func (Campaigns) Add(ctx context.Context, c batchcalls.CampaignState) error {
	if err := addBatches(ctx, c.Workspace, []batchcalls.Batch{c.Batch}); err != nil {
		return err
	}
	values, err := args(c)
	if err != nil {
		return err
	}
	_, err = postgres.Exec(ctx, `insert into call_campaigns (workspace_id, batch_id, `+campaignColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8,
		$9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)`,
		append([]any{c.Workspace, c.ID}, values...)...)
	if err != nil {
		return fmt.Errorf("add campaign: %w", err)
	}
	return nil
}

// Save implements batchcallsuc.Campaigns.
func (Campaigns) Save(ctx context.Context, c batchcalls.CampaignState) error {
	values, err := args(c)
	if err != nil {
		return err
	}
	_, err = postgres.Exec(ctx, `update call_campaigns set (`+campaignColumns+`) = ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
		$16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31) where workspace_id = $1 and batch_id = $2`,
		append([]any{c.Workspace, c.ID}, values...)...)
	if err != nil {
		return fmt.Errorf("save campaign: %w", err)
	}
	n, err := postgres.Exec(ctx, `
		update call_batches set name = $3, agent_id = $4, phone_number_id = $5, options = $6, status = $7, stopped_at = $8, total = $9,
			excluded = $10, updated_at = $11, version = version + 1
		where workspace_id = $1 and id = $2`,
		c.Workspace, c.ID, clean(c.Name), clean(c.Agent), clean(c.PhoneNumber), nullJSON(c.Options), string(c.Status), nullTime(c.StoppedAt),
		c.Total, c.Excluded, c.UpdatedAt)
	if err != nil {
		return fmt.Errorf("save batch of campaign: %w", err)
	}
	if n == 0 {
		return fault.New(fault.NotFound, batchcalls.BatchNotFound)
	}
	return nil
}

// Get implements batchcallsuc.Campaigns.
func (Campaigns) Get(ctx context.Context, ref batchcallsuc.BatchRef) (batchcalls.CampaignState, error) {
	rows, err := postgres.Collect(ctx, pgx.RowToStructByPos[campaignRow], selectCampaign+` and b.id = $2`, ref.Workspace, ref.ID)
	if err != nil {
		return batchcalls.CampaignState{}, fmt.Errorf("read campaign: %w", err)
	}
	if len(rows) == 0 {
		return batchcalls.CampaignState{}, fault.New(fault.NotFound, batchcalls.BatchNotFound)
	}
	return rows[0].state()
}

// Lock implements batchcallsuc.Campaigns. What is more to the batch is read once that is held: a statement that waits for a
// lock sees the locked row as it is then, and everything else as it was when it began.
func (c Campaigns) Lock(ctx context.Context, ref batchcallsuc.BatchRef) (batchcalls.CampaignState, error) {
	if _, err := (Batches{}).Lock(ctx, ref); err != nil {
		return batchcalls.CampaignState{}, err
	}
	return c.Get(ctx, ref)
}

const selectCampaign = `select ` + batchColumns + `,
	(select count(*) from call_attempts a where a.batch_id = b.id and a.unsettled and a.ended_at is null)::int,
	` + campaignColumns + `
from call_batches b join call_campaigns c on c.workspace_id = b.workspace_id and c.batch_id = b.id
where b.workspace_id = $1 and b.kind = 'campaign'`

// newestPlace is where a page of a list that begins with the newest ends.
type newestPlace struct {
	At time.Time `json:"t"`
	ID string    `json:"i"`
}

func readNewest(c kernel.Cursor) (newestPlace, error) {
	var at newestPlace
	if err := readCursor(c, &at); err != nil || at.ID == "" {
		return at, err
	}
	if _, err := kernel.ParseID[batchcalls.BatchID](at.ID); err != nil {
		return at, badCursor()
	}
	return at, nil
}

// List implements batchcallsuc.Campaigns.
func (Campaigns) List(ctx context.Context, ws kernel.WorkspaceID, f batchcallsuc.CampaignFilter, p kernel.Page) ([]batchcalls.CampaignState, kernel.Cursor, error) {
	after, err := readNewest(p.Cursor)
	if err != nil {
		return nil, "", err
	}
	rows, err := postgres.Collect(ctx, pgx.RowToStructByPos[campaignRow], selectCampaign+`
		and ($2 = '' or b.status = $2) and ($4 = '' or (b.created_at, b.id) < ($3, nullif($4, '')::uuid))
		order by b.created_at desc, b.id desc limit $5`, ws, string(f.Status), after.At, after.ID, p.Size()+1)
	if err != nil {
		return nil, "", fmt.Errorf("list campaigns: %w", err)
	}
	next := kernel.Cursor("")
	if len(rows) > p.Size() {
		rows = rows[:p.Size()]
		last := rows[len(rows)-1]
		next = cursorOf(newestPlace{At: last.CreatedAt, ID: last.ID})
	}
	list := make([]batchcalls.CampaignState, len(rows))
	for i, r := range rows {
		if list[i], err = r.state(); err != nil {
			return nil, "", err
		}
	}
	return list, next, nil
}

// cursorOf writes a place as a cursor.
func cursorOf(place any) kernel.Cursor {
	raw, _ := json.Marshal(place) // texts, times and numbers always encode
	return kernel.Cursor(base64.RawURLEncoding.EncodeToString(raw))
}

// readCursor reads a place; the empty cursor leaves it as it is.
func readCursor(c kernel.Cursor, place any) error {
	if c == "" {
		return nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(string(c))
	if err == nil {
		err = json.Unmarshal(raw, place)
	}
	if err != nil {
		return badCursor()
	}
	return nil
}

func badCursor() error {
	var wrong fault.Fields
	wrong.Add("cursor", fault.BadFormat, "expected", "nextCursor")
	return wrong.Err()
}
