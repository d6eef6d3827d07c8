package batchcallspg

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// CampaignReads implements batchcallsuc.CampaignReads and batchcallsuc.PeopleScan.
type CampaignReads struct{}

// shown is a recipient's status as far as nobody knows whether the provider has its request.
const shown = `case when r.status = 'pending' and c.status in ('unknown', 'absent') then 'unknown' else r.status end`

const withChunk = ` from call_recipients r left join call_chunks c
	on c.workspace_id = r.workspace_id and c.batch_id = r.batch_id and c.ordinal = r.chunk
	where r.workspace_id = $1 and r.batch_id = $2`

// Counts implements batchcallsuc.CampaignReads.
func (CampaignReads) Counts(ctx context.Context, ref batchcallsuc.BatchRef) (batchcallsuc.Counts, error) {
	type row struct {
		Waits  bool
		Status batchcalls.CallStatus
		N      int
	}
	rows, err := postgres.Collect(ctx, pgx.RowToStructByPos[row], `select r.look_at is not null, `+shown+`, count(*)::int`+withChunk+` group by 1, 2`,
		ref.Workspace, ref.ID)
	if err != nil {
		return batchcallsuc.Counts{}, fmt.Errorf("count people: %w", err)
	}
	counts := batchcallsuc.Counts{ByStatus: map[batchcalls.CallStatus]int{}}
	for _, r := range rows {
		if r.Waits {
			counts.Waiting += r.N
		} else {
			counts.ByStatus[r.Status] += r.N
		}
	}
	return counts, nil
}

func personColumns(body string) string {
	return `r.batch_id::text, r.position, r.chunk, r.phone, coalesce(r.ref, ''), ` + body + `, ` + shown + `, coalesce(r.conversation, ''),
		r.attempts, r.updated_at, r.line, coalesce(r.zones, ''), r.due_at`
}

func scanPerson(row pgx.CollectableRow) (batchcalls.Person, error) {
	var (
		p     batchcalls.Person
		zones string
		due   *time.Time
	)
	err := row.Scan((*string)(&p.Batch), &p.Position, &p.Chunk, (*string)(&p.Phone), &p.Ref, (*[]byte)(&p.Body), (*string)(&p.Status),
		&p.Conversation, &p.Attempts, &p.UpdatedAt, &p.Line, &zones, &due)
	p.UpdatedAt, p.Zones, p.DueAt = p.UpdatedAt.UTC(), strings.Fields(zones), timeOf(due)
	return p, err
}

// personPlace is where a page of people ends.
type personPlace struct {
	Position int `json:"p"`
}

// People implements batchcallsuc.CampaignReads.
func (CampaignReads) People(ctx context.Context, ref batchcallsuc.BatchRef, f batchcallsuc.PeopleFilter, p kernel.Page) ([]batchcalls.Person, kernel.Cursor, error) {
	after := personPlace{Position: -1}
	if err := readCursor(p.Cursor, &after); err != nil {
		return nil, "", err
	}
	people, err := postgres.Collect(ctx, scanPerson, `select `+personColumns("r.body")+withChunk+` and r.position > $3
		and (not $4 or r.look_at is not null) and ($5 = '' or r.look_at is null and `+shown+` = $5)
		order by r.position limit $6`, ref.Workspace, ref.ID, after.Position, f.Waiting, string(f.Status), p.Size()+1)
	if err != nil {
		return nil, "", fmt.Errorf("list people: %w", err)
	}
	if len(people) <= p.Size() {
		return people, "", nil
	}
	people = people[:p.Size()]
	return people, cursorOf(personPlace{people[len(people)-1].Position}), nil
}

// Person implements batchcallsuc.CampaignReads.
func (CampaignReads) Person(ctx context.Context, ref batchcallsuc.BatchRef, position int) (batchcalls.Person, error) {
	people, err := postgres.Collect(ctx, scanPerson, `select `+personColumns("r.body")+withChunk+` and r.position = $3`, ref.Workspace, ref.ID, position)
	if err != nil {
		return batchcalls.Person{}, fmt.Errorf("read person: %w", err)
	}
	if len(people) == 0 {
		return batchcalls.Person{}, fault.New(fault.NotFound, batchcalls.RecipientNotFound)
	}
	return people[0], nil
}

// scannedAtOnce is how many people with their bodies are read at once.
const scannedAtOnce = 2000

// Each implements batchcallsuc.PeopleScan.
func (CampaignReads) Each(ctx context.Context, ref batchcallsuc.BatchRef, fn func(batchcalls.Person) error) error {
	for after := -1; ; {
		page, err := postgres.Collect(ctx, scanPerson, `select `+personColumns("r.body")+withChunk+` and r.position > $3 order by r.position limit $4`,
			ref.Workspace, ref.ID, after, scannedAtOnce)
		if err != nil {
			return fmt.Errorf("read people: %w", err)
		}
		for _, p := range page {
			if err := fn(p); err != nil {
				return err
			}
		}
		if len(page) < scannedAtOnce {
			return nil
		}
		after = page[len(page)-1].Position
	}
}

// Calls implements batchcallsuc.CampaignReads.
func (CampaignReads) Calls(ctx context.Context, ref batchcallsuc.BatchRef, from, to int) ([]batchcalls.Attempt, error) {
	attempts, err := postgres.Collect(ctx, func(row pgx.CollectableRow) (a batchcalls.Attempt, err error) {
		var ended *time.Time
		err = row.Scan(scanAttempt(&a, &ended)...)
		a.DialledAt, a.EndedAt = a.DialledAt.UTC(), timeOf(ended)
		return a, err
	}, `select `+attemptColumns+` from call_attempts a where a.workspace_id = $1 and a.batch_id = $2 and a.position between $3 and $4
		order by a.position, a.number`, ref.Workspace, ref.ID, from, to)
	if err != nil {
		return nil, fmt.Errorf("read attempts: %w", err)
	}
	return attempts, nil
}

// Outcomes implements batchcallsuc.CampaignReads.
func (CampaignReads) Outcomes(ctx context.Context, ref batchcallsuc.BatchRef, from, to int, transcripts bool) ([]batchcalls.Outcome, error) {
	outcomes, err := postgres.Collect(ctx, func(row pgx.CollectableRow) (o batchcalls.Outcome, err error) {
		var turns, collected *string
		err = row.Scan(&o.Conversation, (*string)(&o.Batch), &o.Position, (*string)(&o.Status), &o.Reason, &o.Successful, &o.Summary, &o.Seconds,
			&turns, &collected, &o.EndedAt)
		if err != nil {
			return o, err
		}
		o.EndedAt = o.EndedAt.UTC()
		return o, readTold(turns, collected, &o)
	}, `select conversation, batch_id::text, position, status, reason, successful, summary, seconds,
			case when $5 then transcript::text end, collected::text, ended_at
		from call_outcomes where workspace_id = $1 and batch_id = $2 and position between $3 and $4 order by position, ended_at`,
		ref.Workspace, ref.ID, from, to, transcripts)
	if err != nil {
		return nil, fmt.Errorf("read outcomes: %w", err)
	}
	return outcomes, nil
}

func readTold(turns, collected *string, o *batchcalls.Outcome) error {
	if turns != nil {
		var rows []turnRow
		if err := json.Unmarshal([]byte(*turns), &rows); err != nil {
			return fmt.Errorf("decode transcript of a call: %w", err)
		}
		for _, t := range rows {
			o.Transcript = append(o.Transcript, batchcalls.Turn(t))
		}
	}
	if collected != nil {
		if err := json.Unmarshal([]byte(*collected), &o.Collected); err != nil {
			return fmt.Errorf("decode what a call has found out: %w", err)
		}
	}
	return nil
}
