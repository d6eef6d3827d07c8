package agentsuc

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// AddFileInput is a document for an agent to search in.
type AddFileInput struct {
	Actor   kernel.Principal
	Agent   agents.Key
	Name    string // with its ending; a folder before it is dropped
	Size    int64  // in bytes; -1 when it is not known
	Content io.Reader
}

// Validate returns the file's name and type. Invalid VALIDATION_ERROR.
func (in AddFileInput) Validate() (string, agents.FileType, error) { return agents.NameFile(in.Name) }

// AddFile puts a document into the agent's store, which is made when there is none.
//
// Allowed: admins.
// Errors: NotFound AGENT_NOT_FOUND, Invalid VALIDATION_ERROR for a name or a content that is none of the types,
// TooLarge PAYLOAD_TOO_LARGE, Conflict TOO_MANY_FILES, Unavailable OPENAI_NOT_CONFIGURED, Upstream OPENAI_ERROR.
// Effects: the content goes to the provider as it is read; nothing is kept of one that fails.
type AddFile struct {
	*librarian
	sniffer Sniffer
}

// Execute returns the file, which the provider still reads.
func (uc *AddFile) Execute(ctx context.Context, in AddFileInput) (agents.File, error) {
	if err := mustBeAdmin(in.Actor); err != nil {
		return agents.File{}, err
	}
	name, fileType, err := in.Validate()
	if err != nil {
		return agents.File{}, err
	}
	if in.Size > agents.MaxFileBytes {
		return agents.File{}, tooLarge()
	}
	content, err := uc.look(in.Content, fileType)
	if err != nil {
		return agents.File{}, fmt.Errorf("add file: %w", err)
	}
	f, err := uc.intend(ctx, in, name, fileType)
	if err != nil {
		return agents.File{}, fmt.Errorf("add file: %w", err)
	}
	if f, err = uc.send(ctx, f, in.Size, content); err != nil {
		return agents.File{}, fmt.Errorf("add file: %w", err)
	}
	return f, nil
}

func (uc *AddFile) intend(ctx context.Context, in AddFileInput, name string, t agents.FileType) (agents.File, error) {
	ws := in.Actor.Workspace
	store, err := uc.store(ctx, ws, in.Agent)
	if err != nil {
		return agents.File{}, err
	}
	f := uc.plan(ws, in.Agent, store, name, t)
	f.UploadedBy = in.Actor.Rep
	err = uc.tx.InTx(ctx, ws, func(ctx context.Context) error {
		if _, err := uc.lock(ctx, ws, in.Agent); err != nil { // one at a time, so that the limit holds
			return err
		}
		there, err := uc.files.List(ctx, ws, store)
		if err != nil {
			return err
		}
		if len(there) >= agents.MaxFiles {
			return fault.New(fault.Conflict, agents.TooManyFiles).With("max", "100")
		}
		return uc.begin(ctx, f)
	})
	return f, err
}

// look returns the content again, once its beginning has shown that it is of the type; the rest is looked at as it is read.
func (uc *AddFile) look(content io.Reader, t agents.FileType) (io.Reader, error) {
	buffered := bufio.NewReaderSize(content, uc.sniffer.HeadBytes())
	head, err := buffered.Peek(uc.sniffer.HeadBytes())
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(head) == 0 || !t.Fits(uc.sniffer.Sniff(head)) {
		return nil, wrongContent(t)
	}
	checked := &checkedReader{r: buffered, left: agents.MaxFileBytes}
	if t.IsText() {
		checked.text = t
	}
	return checked, nil
}

// checkedReader ends with a fault what grows too large, or says that it is text and is not.
type checkedReader struct {
	r    io.Reader
	left int64
	text agents.FileType // "" for what is not text
	tail []byte          // the beginning of a character that the next piece ends
}

// Read implements io.Reader.
func (c *checkedReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, tooLarge()
	}
	if c.text != "" && !c.isText(p[:n], errors.Is(err, io.EOF)) {
		return 0, wrongContent(c.text)
	}
	return n, err
}

// isText reports whether the next piece of a text is UTF-8 without a zero byte.
func (c *checkedReader) isText(piece []byte, last bool) bool {
	text := append(c.tail, piece...)
	for len(text) > 0 {
		if !utf8.FullRune(text) && !last {
			break
		}
		r, size := utf8.DecodeRune(text)
		if r == 0 || r == utf8.RuneError && size == 1 {
			return false
		}
		text = text[size:]
	}
	c.tail = append([]byte(nil), text...)
	return true
}

func tooLarge() error { return fault.New(fault.TooLarge, fault.PayloadTooLarge).With("max", "20 MB") }

func wrongContent(t agents.FileType) error {
	var f fault.Fields
	f.Add("body", agents.FileContentRule, "expected", string(t))
	return f.Err()
}
