package meetingsuc

import "github.com/tertulia-dev/tertulia/domain/fault"

// ignoreNotFound turns the absence of something into no error.
func ignoreNotFound(err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	return err
}
