package meetingshttp

import (
	"cmp"
	"sync"
	"time"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/catalog"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// view turns meetings into what the wire shows, in the caller's language.
type view struct {
	texts *catalog.Catalog
	zones *zones
}

func fromAPICustomer(c tertulia.CustomerInfo, contactID string) meetings.Customer {
	customer := meetings.Customer{
		ContactName: c.ContactName, Company: c.Company, Email: c.Email, Phone: c.Phone,
		DealValue: c.DealValue, DealCurrency: c.DealCurrency, HubspotContactID: c.HubspotContactID,
	}
	if customer.HubspotContactID == "" {
		customer.HubspotContactID = contactID
	}
	return customer
}

func fromAPIPatch(p *tertulia.CustomerPatch, contactID tertulia.Nullable[string]) meetings.CustomerPatch {
	if p == nil {
		p = &tertulia.CustomerPatch{}
	}
	patch := meetings.CustomerPatch{
		ContactName: fromAPIChange(p.ContactName), Company: fromAPIChange(p.Company), Email: fromAPIChange(p.Email),
		Phone: fromAPIChange(p.Phone), DealCurrency: fromAPIChange(p.DealCurrency),
		DealValue:        meetings.Change[*float64]{Set: p.DealValue.Set, To: p.DealValue.Ptr()},
		HubspotContactID: fromAPIChange(p.HubspotContactID),
	}
	if contactID.Set {
		patch.HubspotContactID = fromAPIChange(contactID)
	}
	return patch
}

// fromAPIChange takes null for "clear it", which is the zero value.
func fromAPIChange[T any](n tertulia.Nullable[T]) meetings.Change[T] {
	return meetings.Change[T]{Set: n.Set, To: n.Value}
}

func toAPIScheduled(m meetings.Meeting) tertulia.ScheduledMeeting {
	return tertulia.ScheduledMeeting{
		MeetingID: m.ID.String(), MeetURL: m.URL, ScheduledAt: httpserver.OrNull(m.ScheduledText()), Status: tertulia.MeetingStatus(m.Status),
	}
}

func (v view) toAPIRow(r meetingsuc.MeetingRow, lang string) tertulia.MeetingRow {
	m := r.Meeting
	zone := v.zones.of(r.Zone)
	row := tertulia.MeetingRow{
		ID: m.ID.String(), SalesRepID: httpserver.OrNull(m.SalesRep.String()), CreatedByRepID: httpserver.OrNull(m.CreatedBy.String()),
		Title: httpserver.OrNull(m.Title), MeetingURL: m.URL, Platform: string(m.Platform), CustomerInfo: toAPICustomer(m.Customer),
		Status: tertulia.MeetingStatus(m.Status), MeetingType: tertulia.MeetingType(m.Type),
		ScheduledAt: m.ScheduledAt, StartedAt: inZone(m.StartedAt, zone),
		SalesReps: toAPIRep(r.SalesRep), CreatedBy: toAPIRep(r.CreatedBy),
		Duration: httpserver.OrNull(meetings.DurationDisplay(m.Duration())),
	}
	if m.ScheduledAt != nil {
		at := m.ScheduledAt.In(time.FixedZone("", m.ScheduledOffset))
		row.ScheduledAt = &at
	}
	if m.StartedAt != nil {
		row.StartedAtFormatted = httpserver.OrNull(meetings.DateDisplay(*m.StartedAt, zone))
	}
	if minutes := meetings.DurationMinutes(m.Duration()); minutes > 0 {
		row.VideoDurationMinutes = &minutes
	}
	if !m.Failure.IsZero() {
		row.ErrorCode = httpserver.OrNull(string(m.Failure.Code))
		row.ErrorMessage = httpserver.OrNull(v.texts.Text(lang, string(m.Failure.Code), m.Failure.Params))
	}
	return row
}

func (v view) toAPIMeeting(r meetingsuc.MeetingRow, lang string) tertulia.Meeting {
	m := r.Meeting
	zone := v.zones.of(r.Zone)
	return tertulia.Meeting{
		MeetingRow:   v.toAPIRow(r, lang),
		SalesSubtype: (*tertulia.SalesSubtype)(httpserver.OrNull(string(m.Subtype))),
		Language:     httpserver.OrNull(m.Language), EndedAt: inZone(m.EndedAt, zone),
		Video: toAPIMedia(m, m.Video), Audio: toAPIMedia(m, m.Audio), Hubspot: v.toAPICRM(m.CRM, lang),
		CreatedAt: m.CreatedAt.In(zone), UpdatedAt: m.UpdatedAt.In(zone),
	}
}

func toAPICustomer(c meetings.Customer) tertulia.CustomerView {
	return tertulia.CustomerView{
		CustomerInfo: tertulia.CustomerInfo{
			ContactName: c.ContactName, Company: c.Company, Email: c.Email, Phone: c.Phone,
			DealValue: c.DealValue, DealCurrency: c.DealCurrency, HubspotContactID: c.HubspotContactID,
		},
		DealValueDisplay: c.DealDisplay(),
	}
}

func toAPIRep(r *meetingsuc.Rep) *tertulia.RepRef {
	if r == nil {
		return nil
	}
	return &tertulia.RepRef{ID: r.ID.String(), Name: r.Name, Email: r.Email}
}

// toAPIMedia takes the length of what was recorded from the meeting where the file does not tell its own.
func toAPIMedia(m meetings.Meeting, media meetings.Media) tertulia.MediaState {
	state := tertulia.MediaState{State: string(media.State)}
	if length := cmp.Or(media.Duration, m.Duration()); length > 0 && media.State != meetings.MediaNone {
		state.DurationSeconds = new(length.Seconds())
	}
	if media.IsReady() {
		state.SizeBytes = &media.Bytes
	}
	return state
}

func (v view) toAPICRM(s meetings.CRMSync, lang string) tertulia.CRMState {
	state := tertulia.CRMState{
		State: string(s.State), Reason: httpserver.OrNull(string(s.Reason)), ContactID: httpserver.OrNull(s.ContactID),
		DealID: httpserver.OrNull(s.DealID), NoteID: httpserver.OrNull(s.NoteID), EngagementID: httpserver.OrNull(s.EngagementID),
		SyncedAt: s.SyncedAt,
	}
	if s.Reason != "" {
		state.Message = httpserver.OrNull(v.texts.Text(lang, string(s.Reason), s.Params))
	}
	return state
}

func inZone(t *time.Time, zone *time.Location) *time.Time {
	if t == nil {
		return nil
	}
	local := t.In(zone)
	return &local
}

// zones remembers the time zones of workspaces: to load one is to read a file.
type zones struct{ loaded sync.Map }

// of returns a time zone whose name was checked when it was stored.
func (z *zones) of(name string) *time.Location {
	if zone, ok := z.loaded.Load(name); ok {
		return zone.(*time.Location)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	z.loaded.Store(name, zone)
	return zone
}

// repID reads a rep's ID from the wire.
func repID(s string) (kernel.RepID, bool) {
	id, err := kernel.ParseID[kernel.RepID](s)
	return id, err == nil
}
