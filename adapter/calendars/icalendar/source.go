// Package icalendar reads calendars that are published as iCalendar files.
package icalendar

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/tertulia-dev/tertulia/domain/calendars"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/icalendar"
	calendarsuc "github.com/tertulia-dev/tertulia/usecase/calendars"
)

// parseTime bounds the reading of one file: a file is a customer's, and rules can be made to take long.
const parseTime = 20 * time.Second

// Source implements calendarsuc.Source.
type Source struct{ client *icalendar.Client }

// NewSource makes a source.
func NewSource(client *icalendar.Client) *Source { return &Source{client} }

// Read fetches a feed and lists its occurrences.
func (s *Source) Read(ctx context.Context, r calendarsuc.ReadRequest) (calendarsuc.Reading, bool, error) {
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		return calendarsuc.Reading{}, false, fmt.Errorf("read calendar: load the workspace's zone: %w", err)
	}
	file, fresh, err := s.client.Fetch(ctx, r.URL, icalendar.Validators(r.Known))
	if err != nil {
		return calendarsuc.Reading{}, false, explain(ctx, err)
	}
	if file == nil {
		return calendarsuc.Reading{}, false, nil
	}
	within, cancel := context.WithTimeout(ctx, parseTime)
	defer cancel()
	events, err := icalendar.Events(within, file, icalendar.Window{From: r.From, To: r.To}, zone)
	if err != nil {
		return calendarsuc.Reading{}, false, explain(ctx, err)
	}
	read := calendarsuc.Reading{Validators: calendars.Validators(fresh)}
	for _, e := range events {
		o := calendars.Occurrence{
			UID: e.UID, Instance: e.Instance, Title: e.Title, Starts: e.Starts, Offset: e.Offset, Texts: e.Texts, Organizer: e.Organizer,
			Cancelled: e.Cancelled, IsFree: e.IsFree, IsPrivate: e.IsPrivate,
		}
		for _, a := range e.Attendees {
			o.Attendees = append(o.Attendees, calendars.Attendee(a))
		}
		read.Occurrences = append(read.Occurrences, o)
	}
	return read, true, nil
}

// explain tells what keeps a feed from being read. Only the end of ctx itself is nobody's fault.
func explain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	why := calendars.Failure{Code: calendars.Unreachable}
	switch status := outbound.StatusOf(err); {
	case errors.Is(err, outbound.ErrForbiddenAddress):
		why.Code = calendars.AddressDenied
	case errors.Is(err, icalendar.ErrTooLarge), errors.Is(err, context.DeadlineExceeded) && status == 0 && !isCall(err):
		why.Code = calendars.TooLarge
	case errors.Is(err, icalendar.ErrNotACalendar):
		why.Code = calendars.NotACalendar
	case status != 0:
		why = calendars.Failure{Code: calendars.Refused, Params: map[string]string{"status": strconv.Itoa(status)}}
	}
	return &calendarsuc.ReadError{Failure: why, Cause: err}
}

func isCall(err error) bool {
	_, ok := errors.AsType[*outbound.Error](err)
	return ok
}
