package meetingsuc

import (
	"context"
	"errors"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// isFinal reports whether trying again is of no use: this was the last try, or another would only hear the same. A try
// that was called off, as when its worker is stopped, has not been one.
func isFinal(err error, last bool) bool {
	kind := fault.KindOf(err)
	return err != nil && !errors.Is(err, context.Canceled) && (last || kind == fault.Invalid || kind == fault.NotFound)
}

// whatever returns ctx without its end: what a try that ran out of time has led to must still be shown. The job's fence
// holds as before.
func whatever(ctx context.Context) context.Context { return context.WithoutCancel(ctx) }

// ignoreNotFound turns the absence of something into no error.
func ignoreNotFound(err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	return err
}
