package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// deferred is a statement whose answer nobody waits for.
type deferred struct {
	what      string
	statement string
	args      []any
}

// Later is Exec for a statement of whose answer nothing is made: it is sent with the next one of the transaction of ctx, or
// with COMMIT, in one message. On a busy machine a transaction costs less for what Postgres does than for the turns that it
// takes. An error comes from there, under the name of what the statement does, and undoes the transaction as it would here.
// ErrNoWorkspace outside InTx and System.
func Later(ctx context.Context, what, statement string, args ...any) error {
	s := transactionOf(ctx)
	if s == nil {
		return ErrNoWorkspace
	}
	s.later = append(s.later, deferred{what: what, statement: statement, args: args})
	return nil
}

// flush sends what waits, and then in the same message one statement more, unless that is "". It returns the command tag
// of the last.
func (s *scope) flush(ctx context.Context, last string) (tag string, err error) {
	waiting := s.later
	s.later = nil
	if last != "" {
		waiting = append(waiting, deferred{what: last, statement: last})
	}
	if len(waiting) == 0 {
		return "", nil
	}
	batch := &pgx.Batch{}
	for _, d := range waiting {
		batch.Queue(d.statement, d.args...)
	}
	results := s.raw.SendBatch(ctx, batch)
	for _, d := range waiting {
		done, err := results.Exec()
		if err != nil {
			_ = results.Close()
			return "", fmt.Errorf("%s: %w", d.what, fenced(withoutValues(err)))
		}
		tag = done.String()
	}
	return tag, withoutValues(results.Close())
}
