package recall

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

// ErrNotReady says that the artefact is still being made, was not asked for, or is gone.
var ErrNotReady = errors.New("the artefact is not ready")

// Kind is one of a recording's artefacts.
type Kind string

// Kinds.
const (
	Video      Kind = "video_mixed"
	Audio      Kind = "audio_mixed"
	Transcript Kind = "transcript"
)

// Ref names an artefact. Recording may be "", which is the bot's latest. Who has just been told the artefact's pre-signed
// URL gives it as Link: the first attempt to download it need not ask for one then.
type Ref struct {
	Bot       string
	Recording string
	Kind      Kind
	Link      string
}

// Of returns the recording's artefact of a kind, nil when it has none.
func (s Shortcuts) Of(k Kind) *Artifact {
	switch k {
	case Video:
		return s.VideoMixed
	case Audio:
		return s.AudioMixed
	case Transcript:
		return s.Transcript
	default:
		return nil
	}
}

// Media is an open download. The caller closes it.
type Media struct {
	io.ReadCloser
	Size        int64 // bytes; -1 when unknown
	ContentType string
}

// resumes is how often one download is taken up again before it fails.
const resumes = 5

// MediaURL returns a pre-signed URL that opens without a credential for a few hours. Errors: ErrNotReady, IsNotFound.
func (c *Client) MediaURL(ctx context.Context, ref Ref) (string, error) {
	bot, err := c.GetBot(ctx, ref.Bot)
	if err != nil {
		return "", err
	}
	rec, _ := bot.Recording(ref.Recording)
	artefact := rec.MediaShortcuts.Of(ref.Kind)
	if !artefact.IsReady() {
		return "", fmt.Errorf("find the %s of a recording: %w", ref.Kind, ErrNotReady)
	}
	return artefact.Data.DownloadURL, nil
}

// OpenMedia opens an artefact for streaming. A download that breaks off is taken up where it stopped, on a fresh URL, so
// that an hour's video survives a lost connection and an expired signature. Errors: ErrNotReady, IsNotFound.
func (c *Client) OpenMedia(ctx context.Context, ref Ref) (Media, error) {
	d := &download{ctx: ctx, client: c, ref: ref}
	resp, err := d.open() //nolint:bodyclose // the download holds it, and closes it with itself
	if err != nil {
		return Media{}, err
	}
	d.size, d.etag = resp.ContentLength, resp.Header.Get("ETag")
	return Media{ReadCloser: d, Size: resp.ContentLength, ContentType: resp.Header.Get("Content-Type")}, nil
}

type download struct {
	ctx    context.Context // of OpenMedia: a reader has no other way to have one
	client *Client
	ref    Ref
	body   io.ReadCloser // never nil
	offset int64
	size   int64 // -1 when unknown
	etag   string
	tries  int
}

// Read implements io.Reader.
func (d *download) Read(p []byte) (int, error) {
	n, err := d.body.Read(p)
	d.offset += int64(n)
	if err == nil || errors.Is(err, io.EOF) && (d.size < 0 || d.offset == d.size) {
		return n, err
	}
	if err := d.resume(); err != nil {
		return n, fmt.Errorf("download the %s from byte %d on: %w", d.ref.Kind, d.offset, err)
	}
	return n, nil
}

// Close implements io.Closer.
func (d *download) Close() error { return d.body.Close() }

// resume opens the file again at the place where it broke off.
func (d *download) resume() error {
	err := cmp.Or(d.ctx.Err(), io.ErrUnexpectedEOF)
	for d.tries < resumes && d.ctx.Err() == nil {
		d.tries++
		_ = d.body.Close()        // it is broken already
		resp, openErr := d.open() //nolint:bodyclose // the download holds it, and closes it with itself
		if openErr == nil {
			openErr = d.seek(resp)
		}
		if err = openErr; err == nil || !isPassing(err) {
			return err
		}
	}
	return err
}

// seek brings an answer to the offset: it is either the asked range, or the whole file, of which the beginning is skipped.
func (d *download) seek(resp *http.Response) error {
	if tag := resp.Header.Get("ETag"); tag != d.etag {
		return errChanged
	}
	if resp.StatusCode == http.StatusPartialContent {
		if !strings.HasPrefix(resp.Header.Get("Content-Range"), "bytes "+strconv.FormatInt(d.offset, 10)+"-") {
			return errChanged
		}
		return nil
	}
	_, err := io.CopyN(io.Discard, resp.Body, d.offset)
	return err
}

var errChanged = errors.New("the file is no longer the one that was begun")

// isPassing reports whether opening again may help.
func isPassing(err error) bool {
	if e, ok := errors.AsType[*outbound.Error](err); ok {
		return e.Retryable()
	}
	return !errors.Is(err, errChanged) && !errors.Is(err, ErrNotReady)
}

func (d *download) open() (*http.Response, error) {
	d.body = http.NoBody
	link, err := d.link()
	if err != nil {
		return nil, err
	}
	// Identity: a compressed answer has neither a length nor ranges of the file itself.
	header := http.Header{"Accept-Encoding": {"identity"}}
	if d.offset > 0 {
		header.Set("Range", fmt.Sprintf("bytes=%d-", d.offset))
	}
	resp, err := d.client.out.Stream(d.ctx, outbound.Call{Operation: "download_" + string(d.ref.Kind), URL: link, Header: header})
	if err != nil {
		return nil, err
	}
	d.body = resp.Body
	return resp, nil
}

// link returns the URL to open: the one that came with the reference once, from then on a fresh one.
func (d *download) link() (string, error) {
	if link := d.ref.Link; link != "" {
		d.ref.Link = ""
		return link, nil
	}
	return d.client.MediaURL(d.ctx, d.ref)
}
