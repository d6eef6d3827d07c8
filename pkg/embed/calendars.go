package embed

import (
	"log/slog"

	"github.com/google/wire"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tertulia-dev/tertulia/adapter/calendars/calendarspg"
	"github.com/tertulia-dev/tertulia/adapter/calendars/calendarstask"
	icalendaradapter "github.com/tertulia-dev/tertulia/adapter/calendars/icalendar"
	calendarmeetings "github.com/tertulia-dev/tertulia/adapter/calendars/meetingsbridge"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/icalendar"
	calendarsuc "github.com/tertulia-dev/tertulia/usecase/calendars"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

var calendarsSet = wire.NewSet(newCalendars, newCalendarSource, wire.Struct(new(calendarsuc.Shared), "*"))

func newCalendars(p calendarsuc.Shared, source *icalendaradapter.Source, m *meetingsuc.UseCases) *calendarsuc.UseCases {
	return calendarsuc.New(p, calendarsuc.Storage{
		Feeds: calendarspg.Feeds{}, Reads: calendarspg.Feeds{}, Events: calendarspg.Events{}, Bookings: calendarspg.Events{},
	}, source, calendarmeetings.Bridge{Schedule: m.Schedule, CancelOne: m.Cancel, Clock: p.Clock})
}

// newCalendarSource reads calendars under URLs that people have given.
func newCalendarSource(o Options, reg prometheus.Registerer, logger *slog.Logger) (*icalendaradapter.Source, error) {
	client, err := icalendar.New(icalendar.Options{
		Guard: outbound.Guard{AllowLoopback: o.AllowLoopback}, Logger: logger, Registerer: reg,
	})
	if err != nil {
		return nil, err
	}
	return icalendaradapter.NewSource(client), nil
}

func registerCalendarJobs(r *queue.Registry, uc *calendarsuc.UseCases) {
	calendarstask.Register(r, uc.Poll)
}
