package queue

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// Why a handler's context ended.
var (
	errLost     = errors.New("lease lost")
	errShutdown = errors.New("worker is shutting down")
	errTimeout  = errors.New("attempt timed out")
	errDeaf     = errors.New("handler ignored the end of its context")
)

type permanentError struct{ error }

func (e permanentError) Unwrap() error { return e.error }

type laterError struct {
	error
	after time.Duration
}

func (e laterError) Unwrap() error { return e.error }

type unknownError struct{ error }

func (e unknownError) Unwrap() error { return e.error }

// Permanent marks an error that another attempt would only repeat: the job goes dead at once.
func Permanent(err error) error { return permanentError{err} }

// RetryAfter marks an error after which the next attempt waits for d instead of the kind's backoff. It also says that
// nothing has happened yet, so that even a Once kind may be tried again.
func RetryAfter(err error, d time.Duration) error { return laterError{err, d} }

// Unknown marks an error that leaves open whether the effect took place: the job is parked as unknown and not run again
// until it is resolved.
func Unknown(err error) error { return unknownError{err} }

// verdict is what becomes of a job after an attempt.
type verdict struct {
	state   State
	after   time.Duration // until the next attempt, when pending
	untaken bool          // the attempt does not count
}

// judge decides the fate of a job from the error of its attempt and the cause for which its context ended, if it did.
// lost means that nothing may be written: the job is somebody else's by now, or its handler may still be inside a
// transaction, which only the end of the lease can rule out.
func judge(err, cause error, k *kind, run Run) (v verdict, lost bool) {
	switch {
	case errors.Is(cause, errLost), errors.Is(err, errDeaf), errors.Is(err, postgres.ErrFenced):
		return verdict{}, true
	case err == nil:
		return verdict{state: StateDone}, false
	case is[unknownError](err):
		return verdict{state: StateUnknown}, false
	case is[permanentError](err):
		return verdict{state: StateDead}, false
	case errors.Is(cause, errShutdown) && !k.Once:
		return verdict{state: StatePending, untaken: true}, false // handed back: not the job's fault
	}
	later, told := errors.AsType[laterError](err)
	switch {
	case !told && !retryable(err):
		return verdict{state: StateDead}, false
	case k.Once && !told && fault.KindOf(err) != fault.RateLimited:
		return verdict{state: StateUnknown}, false // it may have happened
	case run.Last():
		return verdict{state: StateDead}, false
	case told:
		return verdict{state: StatePending, after: later.after}, false
	default:
		return verdict{state: StatePending, after: max(k.Backoff(run.Attempt), askedPause(err))}, false
	}
}

// askedPause is how long the vendor whose call failed asks to wait, 0 when it does not say.
func askedPause(err error) time.Duration {
	if asks, ok := errors.AsType[interface {
		error
		RetryIn() time.Duration
	}](err); ok {
		return asks.RetryIn()
	}
	return 0
}

// retryable reports whether another attempt may fare better.
func retryable(err error) bool {
	switch fault.KindOf(err) {
	case fault.Internal, fault.Upstream, fault.Unavailable, fault.RateLimited:
		return true
	default:
		return false
	}
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

const longestError = 500

// describe renders an error for the ledger and for asynqmon: valid text of bounded length.
func describe(err, cause error) string {
	if err == nil {
		return ""
	}
	text := err.Error()
	if cause != nil && !errors.Is(err, cause) && errors.Is(err, context.Canceled) {
		text = fmt.Sprintf("%v: %s", cause, text)
	}
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")
	if len(text) > longestError {
		text = strings.ToValidUTF8(text[:longestError], "") + "…"
	}
	return text
}
