// Package meetingshttp serves meetings: the routes under /api/meetings and the notetaker vendor's webhook.
package meetingshttp

import (
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/catalog"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

const tag = "meetings"

// Register registers the routes of meetings.
func Register(api *httpserver.API, uc *meetingsuc.UseCases, texts *catalog.Catalog) {
	v := view{texts: texts, zones: &zones{}}
	registerSchedule(api, uc.Schedule)
	registerStart(api, uc.Schedule)
	registerInvite(api, uc.Schedule)
	registerList(api, uc.Queries, v)
	registerDetail(api, uc.Queries, v)
	registerMedia(api, uc.Queries)
	registerUpdate(api, uc, v)
	registerCancel(api, uc.Cancel)
	registerDelete(api, uc.Delete, v)
	registerReanalyze(api, uc.Reanalyze)
	registerPerformance(api, uc.Performance, v)
	registerSearch(api, uc.Moments.Queries, v)
	registerCorrections(api, uc.Corrections)
	registerClips(api, uc.Moments)
	registerTrackers(api, uc.Moments)
	registerTrackerReports(api, uc.Moments.Queries)
	registerTranscriptFiles(api, uc.Moments.Queries)
	registerSync(api, uc.Sync)
	registerCRM(api, uc.CRM, v)
	registerPlaybooks(api, uc)
}

// OneMeeting is the input of an operation on one meeting.
type OneMeeting struct {
	httpserver.Caller

	ID string `path:"id" doc:"The meeting's ID." example:"8c1b6e2f-0f3c-7d51-9a63-c1f2e3a4b5c6"`
}

// meeting returns the ID; what is no ID names no meeting.
func (in OneMeeting) meeting() (meetings.ID, error) {
	id, err := kernel.ParseID[meetings.ID](in.ID)
	if err != nil {
		return "", fault.New(fault.NotFound, meetings.MeetingNotFound).With("expected", "UUID")
	}
	return id, nil
}

// keyOf scopes the caller's idempotency key to the operation and the caller.
func keyOf(c httpserver.Caller, operation string) port.IdempotencyKey {
	who := c.Principal.Rep.String()
	if who == "" {
		who = "service"
	}
	return port.IdempotencyKey{Scope: operation + "/" + who, Key: c.IdempotencyKey, BodyHash: c.BodyHash}
}

// errorsOfOne are the codes of every operation on one meeting.
func errorsOfOne(more ...fault.Code) []fault.Code {
	return append([]fault.Code{meetings.MeetingNotFound, fault.ForbiddenCode}, more...)
}
