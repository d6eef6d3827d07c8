package meetingsuc

import "github.com/tertulia-dev/tertulia/domain/fault"

// isFinal reports whether trying again is of no use: this was the last try, or another would only hear the same.
func isFinal(err error, last bool) bool {
	kind := fault.KindOf(err)
	return err != nil && (last || kind == fault.Invalid || kind == fault.NotFound)
}

// ignoreNotFound turns the absence of something into no error.
func ignoreNotFound(err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	return err
}
