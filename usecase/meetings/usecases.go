package meetingsuc

import (
	"time"

	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Shared are the ports that every capability shares.
type Shared struct {
	Tx     port.Transactor
	Reader port.Reader
	Jobs   port.Jobs
	Events port.Events
	Keys   port.Idempotency
	Clock  port.Clock
	IDs    port.IDs
}

// Storage is where meetings are kept.
type Storage struct {
	Meetings    Meetings
	Reads       MeetingReads
	Transcripts Transcripts
	Analyses    Analyses
	Scorecards  Scorecards
	Reps        Reps
	Media       MediaStore
	Inbox       Inbox
	Arrivals    Arrivals
	Owner       VendorOwner
	Trail       Trail
	Stored      StoredMedia
	Usage       UsageLedger
	Moments     MomentStorage
	Playbooks   Playbooks
	Chats       Chats

	Corrections     Corrections
	CorrectionReads CorrectionReads
	Coaching        CoachingReads
}

// Vendors are who is spoken to.
type Vendors struct {
	Links      LinkMaker
	Notetakers Notetakers
	Recordings Recordings
	Analyzer   Analyzer
	Evaluators Evaluators
	CRM        CRM
	Contacts   CRMContacts
	Owners     CRMOwners
}

// Settings are what an operator chooses.
type Settings struct {
	MediaRetentionDays int
	WatchInterval      time.Duration // between looks at a meeting whose webhooks may be lost
}

// UseCases are the meetings as the adapters see them.
type UseCases struct {
	Schedule  *ScheduleMeeting
	Cancel    *CancelMeeting
	Delete    *DeleteMeeting
	Edit      *EditMeeting
	Reanalyze *ReanalyzeMeeting
	Sync      *RequestSync
	Queries   *Queries

	Performance *PerformanceQueries
	Corrections *CorrectionUseCases
	Moments     *Moments
	CRM         *CRMQueries
	Playbooks   *PlaybookQueries

	EditPlaybook *EditPlaybook

	Receive       *ReceiveWebhook
	FinishSending *FinishSending
	CallOff       *CallOffNotetaker
	LookAfter     *LookAfterMeeting
	ApplyEvent    *ApplyNotetakerEvent
	Analyze       *RunAnalysis
	Download      *DownloadMedia
	SyncCRM       *SyncCRM
	Erase         *EraseTraces
	SweepMedia    *SweepMedia
	Meter         *MeterAttendance
	MeterStorage  *MeterStorage
}

// New builds the use cases.
func New(p Shared, s Storage, v Vendors, settings Settings) *UseCases {
	c := &changer{tx: p.Tx, meetings: s.Meetings, events: p.Events, jobs: p.Jobs, clock: p.Clock}
	sender := &notetakerSender{changer: c, links: v.Links, notetakers: v.Notetakers, ids: p.IDs}
	crm := &crmReader{
		reader: p.Reader, meetings: s.Meetings, analyses: s.Analyses, reps: s.Reps, account: s.Owner, crm: v.CRM,
	}
	apply := &ApplyNotetakerEvent{changer: c, reader: p.Reader, reads: s.Reads, transcripts: s.Transcripts, notetakers: v.Notetakers, arrivals: s.Arrivals}
	queries := &Queries{reader: p.Reader, reads: s.Reads, store: s.Media, recordings: v.Recordings, corrections: s.CorrectionReads, clock: p.Clock}
	eraser := &EraseTraces{tx: p.Tx, trail: s.Trail, jobs: p.Jobs, notetakers: v.Notetakers, store: s.Media}
	return &UseCases{
		Corrections:   newCorrections(p, s),
		Delete:        &DeleteMeeting{changer: c, trail: s.Trail, chats: s.Chats, eraser: eraser},
		Erase:         eraser,
		Performance:   &PerformanceQueries{reader: p.Reader, scorecards: s.Scorecards, coaching: s.Coaching, reps: s.Reps, clock: p.Clock},
		Schedule:      &ScheduleMeeting{changer: c, reader: p.Reader, keys: p.Keys, reps: s.Reps, sender: sender, ids: p.IDs},
		Cancel:        &CancelMeeting{changer: c},
		Edit:          &EditMeeting{changer: c, reps: s.Reps},
		Reanalyze:     &ReanalyzeMeeting{changer: c, transcripts: s.Transcripts},
		Receive:       &ReceiveWebhook{inbox: s.Inbox, owner: s.Owner},
		FinishSending: &FinishSending{notetakerSender: sender, reader: p.Reader, reps: s.Reps},
		CallOff:       &CallOffNotetaker{changer: c, reader: p.Reader, notetakers: v.Notetakers},
		LookAfter:     &LookAfterMeeting{events: apply, reader: p.Reader, notetakers: v.Notetakers, interval: settings.WatchInterval},
		ApplyEvent:    apply,
		Analyze: &RunAnalysis{
			changer: c, reader: p.Reader, reads: s.Reads, transcripts: s.Transcripts, analyses: s.Analyses,
			recordings: v.Recordings, analyzer: v.Analyzer, evaluators: v.Evaluators,
			corrections: s.CorrectionReads, ids: p.IDs, usage: s.Usage, playbooks: s.Playbooks,
		},
		Download:     &DownloadMedia{changer: c, reader: p.Reader, recordings: v.Recordings, store: s.Media},
		SyncCRM:      &SyncCRM{changer: c, crmReader: crm, contacts: v.Contacts, owners: v.Owners},
		SweepMedia:   &SweepMedia{changer: c, reader: p.Reader, reads: s.Reads, store: s.Media, retentionDays: settings.MediaRetentionDays},
		Meter:        &MeterAttendance{changer: c, reader: p.Reader, notetakers: v.Notetakers, usage: s.Usage},
		MeterStorage: &MeterStorage{reader: p.Reader, stored: s.Stored, usage: s.Usage, clock: p.Clock},
		Sync:         &RequestSync{changer: c, crmReader: crm},
		CRM:          &CRMQueries{crmReader: crm, contacts: v.Contacts},
		Queries:      queries,
		Playbooks:    &PlaybookQueries{reader: p.Reader, playbooks: s.Playbooks},
		EditPlaybook: &EditPlaybook{tx: p.Tx, playbooks: s.Playbooks, clock: p.Clock},
		Moments:      newMoments(p, s, queries),
	}
}
