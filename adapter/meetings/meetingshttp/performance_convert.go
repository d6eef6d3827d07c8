package meetingshttp

import (
	"math"
	"time"

	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

func toAPIRepName(r meetingsuc.Rep) tertulia.RepName {
	return tertulia.RepName{SalesRepID: r.ID.String(), Name: r.Name}
}

func toAPIAverages(a meetingsuc.Averages) tertulia.Averages {
	return tertulia.Averages{
		TotalMeetings: a.Meetings, AvgScore: toAPIWhole(a.Score, 1), EstimatedCloseRate: toAPIWhole(a.CloseRate, 100),
	}
}

// toAPIWhole is a number times a unit as a whole number.
func toAPIWhole(x *float64, unit float64) *int {
	if x == nil {
		return nil
	}
	return new(int(math.Round(*x * unit)))
}

// toAPIDimensions shows the dimensions that everybody is scored in by default where there is nothing to show.
func toAPIDimensions(points map[meetings.Dimension]float64) map[string]*float64 {
	scores := map[string]*float64{}
	if len(points) == 0 {
		for _, d := range meetings.Dimensions() {
			scores[string(d)] = nil
		}
	}
	for d, mean := range points {
		scores[string(d)] = new(math.Round(mean*10) / 10)
	}
	return scores
}

func toAPIWeeks(weeks []meetingsuc.WeekAverages) []tertulia.PerformanceWeek {
	list := make([]tertulia.PerformanceWeek, len(weeks))
	for i, w := range weeks {
		list[i] = tertulia.PerformanceWeek{
			Averages: toAPIAverages(w.Averages), Week: meetings.WeekName(w.Monday), WeekStart: w.Monday.Format(time.DateOnly),
		}
	}
	return list
}
