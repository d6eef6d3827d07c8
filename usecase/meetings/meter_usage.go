package meetingsuc

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// MeterNotetaker asks the vendor how long a meeting's notetaker was in the call, once it has left, and notes it.
type MeterNotetaker struct {
	Meeting meetings.ID `json:"meeting"`
}

// Kind implements port.Job.
func (MeterNotetaker) Kind() string { return "meter_notetaker" }

// Unique allows one pending question a meeting.
func (j MeterNotetaker) Unique() string { return j.Meeting.String() }

// MeterAttendance notes what a meeting's notetaker used, of its time and of the transcription. Webhooks come in any order
// and get lost, so the vendor is asked. Run again it notes nothing more.
type MeterAttendance struct {
	*changer
	reader     port.Reader
	notetakers Notetakers
	usage      UsageLedger
}

// Execute meters one meeting. Unavailable while its notetaker goes on: to be tried again.
func (uc *MeterAttendance) Execute(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) error {
	var m meetings.Meeting
	err := uc.reader.Read(ctx, ws, func(ctx context.Context) (err error) {
		m, err = uc.meetings.Get(ctx, ws, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("meter notetaker: %w", err)
	}
	if m.Bot.ID == "" {
		return uc.finish(ctx, ws)
	}
	p, err := uc.notetakers.Progress(ctx, m.Bot.ID)
	if fault.KindOf(err) == fault.NotFound {
		return uc.finish(ctx, ws) // the vendor has forgotten it, and with it what it cost
	}
	if err != nil {
		return fmt.Errorf("meter notetaker: %w", err)
	}
	attendance, isOver := meetings.Attend(p.Events)
	if !isOver {
		return fmt.Errorf("meter notetaker: %w", fault.New(fault.Unavailable, fault.UnavailableCode))
	}
	if p.TranscriptFailed && p.Transcript == "" {
		attendance.Recorded = 0 // what was not transcribed is not billed as such
	}
	err = uc.tx.InTx(ctx, ws, func(ctx context.Context) error {
		use := Use{Meeting: id, Source: m.Bot.ID.String(), At: attendance.EndedAt, Attendance: attendance}
		if err := uc.usage.Record(ctx, ws, use); err != nil {
			return err
		}
		return uc.jobs.Finish(ctx)
	})
	if err != nil {
		return fmt.Errorf("meter notetaker: %w", err)
	}
	return nil
}

// meterBatch is how many meetings are noted in one transaction.
const meterBatch = 200

// MeterStorage notes what every meeting of a workspace holds in the store, for the day. Run twice a day it notes once; a day
// on which it did not run is not made up for.
type MeterStorage struct {
	reader port.Reader
	stored StoredMedia
	usage  UsageLedger
	clock  port.Clock
}

// Execute meters one workspace and returns how many meetings hold media.
func (uc *MeterStorage) Execute(ctx context.Context, ws kernel.WorkspaceID) (int, error) {
	now, count := uc.clock.Now(), 0
	for after := meetings.ID(""); ; {
		var batch []StoredBytes
		err := uc.reader.Read(ctx, ws, func(ctx context.Context) (err error) {
			batch, err = uc.stored.Stored(ctx, ws, after, meterBatch)
			return err
		})
		if err != nil {
			return count, fmt.Errorf("meter storage: %w", err)
		}
		if len(batch) == 0 {
			return count, nil
		}
		uses := make([]Use, len(batch))
		for i, held := range batch {
			uses[i] = Use{
				Meeting: held.Meeting, Source: held.Meeting.String() + "/" + now.UTC().Format(time.DateOnly), At: now,
				StoredBytes: held.Bytes,
			}
		}
		if err := uc.usage.Record(ctx, ws, uses...); err != nil {
			return count, fmt.Errorf("meter storage: %w", err)
		}
		count += len(batch)
		after = batch[len(batch)-1].Meeting
	}
}
