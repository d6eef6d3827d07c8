package billinghttp

import (
	"time"

	"github.com/tertulia-dev/tertulia/domain/billing"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	billinguc "github.com/tertulia-dev/tertulia/usecase/billing"
)

func toAPIMoney(m billing.Micros) tertulia.Money {
	return tertulia.Money{Micros: int64(m), USD: m.Dollars()}
}

func toAPILines(lines []billing.Line) []tertulia.UsageLine {
	out := make([]tertulia.UsageLine, len(lines))
	for i, l := range lines {
		out[i] = tertulia.UsageLine{
			Activity: string(l.Activity), Kind: string(l.Kind), Resource: l.Resource, Unit: l.Kind.Unit(), Quantity: l.Quantity,
			Estimated: l.Estimated,
		}
		if l.Price != nil {
			cost := toAPIMoney(l.Amount)
			out[i].Cost = &cost
			out[i].Price = &tertulia.UsagePrice{
				USD: l.Price.Amount.Dollars(), Per: l.Price.Per, AsOf: l.Price.AsOf.Format(time.DateOnly), Source: l.Price.Source,
			}
		}
	}
	return out
}

func toAPIMeetingCosts(id string, lines []billing.Line) tertulia.MeetingCosts {
	total, unpriced := billing.Total(lines)
	return tertulia.MeetingCosts{MeetingID: id, Total: toAPIMoney(total), Complete: !unpriced, Lines: toAPILines(lines)}
}

func toAPIMonthCosts(m billinguc.Month) tertulia.MonthCosts {
	out := tertulia.MonthCosts{
		Month: m.Month, Timezone: m.Zone, Total: toAPIMoney(m.Total), Complete: !m.Unpriced, Lines: toAPILines(m.Lines),
		Meetings: tertulia.MonthMeetings{
			Count: m.Average.Meetings, Average: toAPIMoney(m.Average.PerMeeting()),
			AttendedHours: float64(m.Average.Seconds) / 3600, PerHour: toAPIMoney(m.Average.PerHour()),
		},
		Dearest: make([]tertulia.MeetingCost, len(m.Dearest)),
	}
	for i, c := range m.Dearest {
		out.Dearest[i] = tertulia.MeetingCost{
			MeetingID: c.Meeting, Title: httpserver.OrNull(c.Title), Company: httpserver.OrNull(c.Company), Cost: toAPIMoney(c.Amount),
		}
	}
	return out
}
