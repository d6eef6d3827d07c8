package embed

import (
	"github.com/tertulia-dev/tertulia/adapter/meetings/meetingspg"
	"github.com/tertulia-dev/tertulia/adapter/meetings/meetingspg/searchpg"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

func newMomentStorage(db *postgres.DB) meetingsuc.MomentStorage {
	return meetingsuc.MomentStorage{Rows: meetingspg.Meetings{}, Search: searchpg.NewSearch(db), Segments: searchpg.Segments{}, Clips: meetingspg.Clips{}, Trackers: meetingspg.Trackers{}}
}
