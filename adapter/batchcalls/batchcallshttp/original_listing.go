package batchcallshttp

import (
	"bufio"
	"container/list"
	"context"
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/tidwall/gjson"
	"golang.org/x/sync/singleflight"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

// readAll calls fn for every recipient of a batch, in the caller's order.
type readAll func(ctx context.Context, b batchcalls.Batch, fn func(batchcalls.Recipient) error) error

// Bounds of what is kept of lists of recipients.
const (
	maxListings = 64 << 20 // bytes, of all lists that are kept
	maxKept     = 100_000  // recipients of one list that is kept; longer ones are written as they are read
	listTime    = 30 * time.Second
)

// listings writes the recipients of batches as JSON arrays, and keeps what it wrote: a batch is asked about again and again
// while nothing happens, and 10,000 recipients are megabytes. The least recently used make room.
type listings struct {
	readAll readAll
	writing singleflight.Group

	mu     sync.Mutex
	kept   map[batchcalls.BatchID]*list.Element
	recent *list.List // of listing, the latest used first
	bytes  int
}

// listing is the recipients of a batch at one of its versions.
type listing struct {
	batch   batchcalls.BatchID
	version int64
	text    []byte
}

func newListings(read readAll) *listings {
	return &listings{readAll: read, kept: map[batchcalls.BatchID]*list.Element{}, recent: list.New()}
}

// of returns the recipients of a batch at its version. Callers at the same time share one reading, which goes on when one
// of them leaves.
func (ls *listings) of(ctx context.Context, b batchcalls.Batch) ([]byte, error) {
	if text, ok := ls.find(b); ok {
		return text, nil
	}
	text, err, _ := ls.writing.Do(string(b.ID)+"/"+strconv.FormatInt(b.Version, 10), func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), listTime)
		defer cancel()
		text := make([]byte, 0, 2+b.Total*firstGuess)
		err := ls.each(ctx, b, func(piece []byte) error {
			text = append(text, piece...)
			return nil
		})
		if err == nil {
			ls.keep(listing{b.ID, b.Version, text})
		}
		return text, err
	})
	if err != nil {
		return nil, err
	}
	listed, _ := text.([]byte)
	return listed, nil
}

// firstGuess is how many bytes a recipient without variables takes.
const firstGuess = 300

// writeTo writes the recipients of a batch as they are read.
func (ls *listings) writeTo(ctx context.Context, w io.Writer, b batchcalls.Batch) error {
	buffered := bufio.NewWriterSize(w, block)
	err := ls.each(ctx, b, func(piece []byte) error {
		_, err := buffered.Write(piece)
		return err
	})
	if err != nil {
		return err
	}
	return buffered.Flush()
}

// each writes the array piece by piece; a piece is gone after its call.
func (ls *listings) each(ctx context.Context, b batchcalls.Batch, write func(piece []byte) error) error {
	begun := unix(b.CreatedAt)
	piece := []byte{'['}
	err := ls.readAll(ctx, b, func(r batchcalls.Recipient) error {
		piece = appendRecipient(piece, r, begun)
		err := write(piece)
		piece = append(piece[:0], ',')
		return err
	})
	if err != nil {
		return err
	}
	if piece[0] == '[' { // nobody
		return write([]byte("[]"))
	}
	return write([]byte{']'})
}

func (ls *listings) find(b batchcalls.Batch) ([]byte, bool) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	at, ok := ls.kept[b.ID]
	if !ok || of(at).version != b.Version {
		return nil, false
	}
	ls.recent.MoveToFront(at)
	return of(at).text, true
}

// keep puts a list in the place of the same batch's older one, and drops those that nobody has asked for longest.
func (ls *listings) keep(l listing) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if at, ok := ls.kept[l.batch]; ok {
		if of(at).version > l.version {
			return
		}
		ls.drop(at)
	}
	ls.kept[l.batch] = ls.recent.PushFront(l)
	ls.bytes += cap(l.text)
	for ls.bytes > maxListings {
		ls.drop(ls.recent.Back())
	}
}

func (ls *listings) drop(at *list.Element) {
	l := of(at)
	ls.recent.Remove(at)
	delete(ls.kept, l.batch)
	ls.bytes -= cap(l.text)
}

func of(at *list.Element) listing {
	l, _ := at.Value.(listing) // nothing else is put in
	return l
}

// appendRecipient writes a recipient with the keys of the provider's, and what its status leaves out.
func appendRecipient(b []byte, r batchcalls.Recipient, created string) []byte {
	sent := gjson.GetMany(textOf(r.Body), "whatsapp_user_id", keyClientData)
	b = gjson.AppendJSONString(append(b, `{"id":`...), r.PublicRef())
	b = gjson.AppendJSONString(append(b, `,"phone_number":`...), string(r.Phone))
	b = append(append(b, `,"whatsapp_user_id":`...), orNull(sent[0])...)
	shown, updated := r.Status.Shown(), created
	if !r.UpdatedAt.IsZero() {
		updated = unix(r.UpdatedAt)
	}
	b = append(append(append(b, `,"status":"`...), shown...), '"')
	if string(r.Status) != string(shown) {
		b = append(append(append(b, `,"detail":"`...), r.Status...), '"')
	}
	b = append(append(b, `,"created_at_unix":`...), created...)
	b = append(append(b, `,"updated_at_unix":`...), updated...)
	b = append(b, `,"conversation_id":`...)
	if r.Conversation == "" {
		b = append(b, "null"...)
	} else {
		b = gjson.AppendJSONString(b, r.Conversation)
	}
	b = append(append(b, `,"`+keyClientData+`":`...), orNull(sent[1])...)
	return append(b, '}')
}

func orNull(v gjson.Result) string {
	if !v.Exists() {
		return "null"
	}
	return v.Raw
}
