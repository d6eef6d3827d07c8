package meetingspg

import (
	"time"

	"github.com/tertulia-dev/tertulia/domain/meetings"
)

func toRow(m meetings.Meeting) meetingRow {
	return meetingRow{
		ID: m.ID, Workspace: m.Workspace, SalesRep: m.SalesRep, CreatedBy: m.CreatedBy, Version: m.Version,
		URL: m.URL, Platform: m.Platform, Title: m.Title, Type: m.Type, Subtype: m.Subtype,
		Customer: customerDoc(m.Customer), Language: m.Language,
		Status: m.Status, Failure: failureDoc(m.Failure),
		ScheduledAt: m.ScheduledAt, ScheduledOffset: m.ScheduledOffset, StartedAt: m.StartedAt, EndedAt: m.EndedAt,
		BotID: m.Bot.ID, BotKey: m.Bot.IdempotencyKey, BotState: m.Bot.State, BotNeedsPassword: m.Bot.NeedsPassword,
		BotLastCode: m.Bot.LastCode, RecordingID: m.Recording.ID, TranscriptID: m.Recording.Transcript,
		Video: mediaDoc(m.Video), Audio: mediaDoc(m.Audio), MediaStoredAt: oldestMedia(m), CRM: crmDoc(m.CRM),
		CreatedAt: m.CreatedAt, UpdatedAt: m.UpdatedAt,
	}
}

func (r meetingRow) meeting() meetings.Meeting {
	return meetings.Meeting{
		ID: r.ID, Workspace: r.Workspace, SalesRep: r.SalesRep, CreatedBy: r.CreatedBy, Version: r.Version,
		URL: r.URL, Platform: r.Platform, Title: r.Title, Type: r.Type, Subtype: r.Subtype,
		Customer: meetings.Customer(r.Customer), Language: r.Language,
		Status: r.Status, Failure: meetings.Failure(r.Failure),
		ScheduledAt: r.ScheduledAt, ScheduledOffset: r.ScheduledOffset, StartedAt: r.StartedAt, EndedAt: r.EndedAt,
		Bot: meetings.Bot{
			ID: r.BotID, IdempotencyKey: r.BotKey, State: r.BotState, NeedsPassword: r.BotNeedsPassword, LastCode: r.BotLastCode,
		},
		Recording: meetings.Recording{ID: r.RecordingID, Transcript: r.TranscriptID},
		Video:     meetings.Media(r.Video), Audio: meetings.Media(r.Audio), CRM: meetings.CRMSync(r.CRM),
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
}

// oldestMedia is when the first of the files that we still hold was stored: what retention goes by.
func oldestMedia(m meetings.Meeting) *time.Time {
	var oldest *time.Time
	for _, media := range []meetings.Media{m.Video, m.Audio} {
		if media.IsReady() && (oldest == nil || media.StoredAt != nil && media.StoredAt.Before(*oldest)) {
			oldest = media.StoredAt
		}
	}
	return oldest
}
