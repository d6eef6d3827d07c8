// Package recall sends notetakers to calls through Recall.ai and fetches what they recorded.
package recall

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/recall"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// Keys of the metadata by which a notetaker is known to be ours, whatever became of an answer.
const (
	meetingKey   = "meeting_id"
	workspaceKey = "workspace_id"
)

// Notetakers implements meetingsuc.Notetakers.
type Notetakers struct {
	client *recall.Client
	name   string
}

// NewNotetakers makes notetakers that show the given name in the call.
func NewNotetakers(client *recall.Client, name string) *Notetakers {
	return &Notetakers{client: client, name: name}
}

// Send sends a notetaker.
func (n *Notetakers) Send(ctx context.Context, r meetingsuc.NotetakerRequest) (meetings.BotID, error) {
	in := recall.CreateBot{
		MeetingURL: r.URL, BotName: n.name,
		Metadata: map[string]string{meetingKey: r.Meeting.String(), workspaceKey: r.Workspace.String()},
	}
	if !r.JoinAt.IsZero() {
		in.JoinAt = &r.JoinAt
	}
	bot, err := n.client.CreateBot(ctx, in, r.Key)
	switch {
	case err == nil:
		return meetings.BotID(bot.ID), nil
	case recall.IsPoolEmpty(err):
		return "", fmt.Errorf("%w: %w", meetingsuc.ErrNoCapacity, failure(err))
	case recall.IsInFlight(err), outbound.OutcomeOf(err) == outbound.Unknown:
		return "", fmt.Errorf("%w: %w", meetingsuc.ErrOutcomeUnknown, failure(err))
	default:
		return "", failure(err)
	}
}

// FindByMeeting returns the notetaker whose metadata names the meeting: the first that was made, should there be more.
func (n *Notetakers) FindByMeeting(ctx context.Context, id meetings.ID) (meetings.BotID, bool, error) {
	var found meetings.BotID
	for bot, err := range n.client.ListBots(ctx, map[string]string{meetingKey: id.String()}) {
		if err != nil {
			return "", false, failure(err)
		}
		if bot.Metadata[meetingKey] == id.String() {
			found = meetings.BotID(bot.ID) // the list is newest first
		}
	}
	return found, found != "", nil
}

// Progress tells what the notetaker has lived through so far.
func (n *Notetakers) Progress(ctx context.Context, id meetings.BotID) (meetingsuc.Progress, error) {
	bot, err := n.client.GetBot(ctx, id.String())
	if err != nil {
		return meetingsuc.Progress{}, failure(err)
	}
	p := meetingsuc.Progress{IsOver: isOver(bot.Status().Code), HasRecording: len(bot.Recordings) > 0}
	for _, s := range bot.StatusChanges {
		p.Events = append(p.Events, meetings.BotEvent{Code: s.Code, SubCode: s.SubCode, At: timeOf(s)})
	}
	for _, r := range bot.Recordings {
		p.VideoReady = p.VideoReady || isDone(r, recall.Video)
		p.AudioReady = p.AudioReady || isDone(r, recall.Audio)
		switch t := r.MediaShortcuts.Of(recall.Transcript); {
		case t == nil, t.Status.Code == "deleted":
		case t.Status.Code == "done":
			p.Transcript = meetings.TranscriptID(t.ID)
		case t.Status.Code == "failed":
			p.TranscriptFailed = true
		default:
			p.IsTranscribing = true
		}
	}
	return p, nil
}

// Release deletes a notetaker that is still waiting, and takes one out of the call that is on its way or there.
func (n *Notetakers) Release(ctx context.Context, id meetings.BotID) error {
	err := n.client.DeleteBot(ctx, id.String())
	if recall.IsDispatched(err) {
		err = n.client.LeaveCall(ctx, id.String())
		if fault.KindOf(failure(err)) == fault.Invalid {
			return nil // it has left already
		}
	}
	if recall.IsNotFound(err) {
		return nil
	}
	return failure(err)
}

// Erase has Recall.ai delete the notetaker's media. It refuses while the notetaker is in the call, and what is still being
// made of a recording would outlive the order: so the notetaker has to be over first.
func (n *Notetakers) Erase(ctx context.Context, id meetings.BotID) error {
	bot, err := n.client.GetBot(ctx, id.String())
	if err == nil && !isOver(bot.Status().Code) {
		return fault.New(fault.Unavailable, meetings.NotetakerInCall)
	}
	if err == nil {
		err = n.client.DeleteMedia(ctx, id.String())
	}
	if recall.IsNotFound(err) {
		return nil
	}
	return failure(err)
}

func isOver(code string) bool { return code == "done" || code == "fatal" }

func isDone(r recall.Recording, kind recall.Kind) bool {
	a := r.MediaShortcuts.Of(kind)
	return a != nil && a.Status.Code == "done"
}

func timeOf(s recall.Status) time.Time {
	for _, t := range []*time.Time{s.UpdatedAt, s.CreatedAt} {
		if t != nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

func failure(err error) error { return outbound.Fault(err, meetings.RecallError) }

// meetingOf reads the meeting's ID from metadata; "" when it holds none.
func meetingOf(metadata map[string]any) meetings.ID {
	text, _ := metadata[meetingKey].(string)
	id, err := kernel.ParseID[meetings.ID](text)
	if err != nil {
		return ""
	}
	return id
}
