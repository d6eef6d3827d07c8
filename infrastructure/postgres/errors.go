package postgres

import (
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

var (
	// ErrNoWorkspace is what a query gets outside InTx, Read and System.
	ErrNoWorkspace = errors.New("query outside of a workspace: use InTx, Read or System")
	// ErrNested is what a transaction gets that is begun inside a transaction of another workspace, or of the system.
	ErrNested = errors.New("transaction inside a transaction of another workspace")
	// ErrRolledBack is what the outermost InTx returns when it meant to commit although a joined call had failed.
	ErrRolledBack = errors.New("transaction rolled back: a joined call failed")
	// ErrFenced is what a transaction gets when the fence of its context refuses it.
	ErrFenced = errors.New("transaction refused by its fence")
)

// fencedState is the SQLSTATE that a fence raises to refuse a transaction.
const fencedState = "TT001"

const uniqueViolation = "23505"

// Changed reports whether a statement changed at least one row.
func Changed(res sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return false, fmt.Errorf("count changed rows: %w", err)
	}
	return n > 0, nil
}

// IsUniqueViolation reports whether err says that a row breaks the named unique constraint or index.
func IsUniqueViolation(err error, constraint string) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.Code == uniqueViolation && pg.ConstraintName == constraint
}

var quoted = regexp.MustCompile(`"[^"]*"`)

// withoutValues takes out of a server's error what may be somebody's data: the failing row, the statement, and, where
// the message quotes input (class 22 and syntax errors), the quotation.
func withoutValues(err error) error {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return err
	}
	clean := *pg
	clean.Detail, clean.Hint, clean.Where, clean.InternalQuery = "", "", "", ""
	if strings.HasPrefix(clean.Code, "22") || clean.Code == "42601" {
		clean.Message = quoted.ReplaceAllString(clean.Message, `"…"`)
	}
	return &clean
}
