package batchcallshttp

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/semaphore"
	"golang.org/x/text/encoding/unicode"
)

// Limits of bodies.
const (
	maxBody     = 104_857_600 // bytes, as they are when unpacked
	maxInFlight = 256 << 20   // bytes of all bodies that are being worked on
	firstRoom   = 64 << 10    // bytes, for a body that does not say how long it is
	bodyTime    = 2 * time.Minute
)

// refused is a body that cannot be read, with what its sender is told.
type refused struct {
	status int
	text   string
}

// Error implements error.
func (r *refused) Error() string { return r.text }

// Bodies that cannot be read.
var (
	errNoJSON  = &refused{http.StatusBadRequest, "El cuerpo no es un objeto JSON válido"}
	errTooLong = &refused{http.StatusRequestEntityTooLarge, "El cuerpo supera el máximo de 100 MB"}
	errCharset = &refused{http.StatusUnsupportedMediaType, "Juego de caracteres no admitido: usa utf-8"}
	errPacking = &refused{http.StatusUnsupportedMediaType, "Content-Encoding no admitido: usa gzip, deflate o ninguno"}
	errBroken  = &refused{http.StatusBadRequest, "El cuerpo no se puede descomprimir"}
	errCut     = &refused{http.StatusBadRequest, "El cuerpo ha llegado incompleto"}
	errSlow    = &refused{http.StatusRequestTimeout, "El cuerpo ha tardado demasiado en llegar"}
	errBusy    = &refused{http.StatusServiceUnavailable, "Demasiadas peticiones grandes a la vez: inténtalo de nuevo en unos segundos"}
	errMany    = &refused{http.StatusRequestEntityTooLarge, "Demasiados parámetros: usa application/json"}
)

// intake reads bodies as the original's parsers did, and bounds how many bytes of them there are at once.
type intake struct{ room *semaphore.Weighted }

func newIntake() intake { return intake{semaphore.NewWeighted(maxInFlight)} }

// read returns the body as JSON: an object, an array, or nothing where there is no body or its type is none that the original
// read. Its bytes count as in flight until release is called, also after an error, which is a *refused.
func (in intake) read(r *http.Request) (body []byte, release func(), err error) {
	held := &holding{room: in.room}
	kind, charset := contentOf(r)
	if kind == "" || r.Body == nil || r.Body == http.NoBody {
		return nil, held.release, nil
	}
	decode, err := decoder(kind, charset)
	if err != nil {
		return nil, held.release, err
	}
	raw, err := unpacked(r, held)
	if err != nil || len(raw) == 0 {
		return nil, held.release, err
	}
	if raw, err = decode(raw); err != nil {
		return nil, held.release, errCharset
	}
	if raw = repaired(raw); kind == mimeForm {
		raw, err = formAsJSON(textOf(raw))
		return raw, held.release, err
	}
	if !isContainer(raw) {
		return nil, held.release, errNoJSON
	}
	return raw, held.release, nil
}

// Types of bodies that are read.
const (
	mimeJSON = "application/json"
	mimeForm = "application/x-www-form-urlencoded"
)

// contentOf tells what a body is: "" for what is not read.
func contentOf(r *http.Request) (kind, charset string) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != mimeJSON && kind != mimeForm {
		return "", ""
	}
	return kind, strings.ToLower(params["charset"])
}

// decoder turns a charset into UTF-8. A form has always been UTF-8.
func decoder(kind, charset string) (func([]byte) ([]byte, error), error) {
	switch {
	case charset == "", charset == "utf-8":
		return func(b []byte) ([]byte, error) { return b, nil }, nil
	case kind == mimeForm:
		return nil, errCharset
	case charset == "utf-16", charset == "utf-16le":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes, nil
	case charset == "utf-16be":
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Bytes, nil
	default:
		return nil, errCharset
	}
}

// unpacked reads the whole body.
func unpacked(r *http.Request, held *holding) ([]byte, error) {
	var (
		packed io.Reader
		err    error
	)
	switch strings.ToLower(r.Header.Get("Content-Encoding")) {
	case "", "identity":
		if r.ContentLength > 0 {
			return whole(r, held)
		}
		body, err := grown(r.Body, held)
		return body, readingError(err)
	case "gzip":
		packed, err = gzip.NewReader(r.Body)
	case "deflate":
		packed, err = zlib.NewReader(r.Body)
	default:
		return nil, errPacking
	}
	if err != nil {
		return nil, unpackingError(err)
	}
	body, err := grown(packed, held)
	return body, unpackingError(err)
}

// whole reads a body into one piece of its own size.
func whole(r *http.Request, held *holding) ([]byte, error) {
	if r.ContentLength > maxBody {
		return nil, errTooLong
	}
	if err := held.wait(r.Context(), r.ContentLength); err != nil {
		return nil, errBusy
	}
	body := make([]byte, r.ContentLength)
	if _, err := io.ReadFull(r.Body, body); err != nil {
		return nil, readingError(err)
	}
	return body, nil
}

// grown reads a body of unknown size. It never waits while it holds room, so that two cannot wait for each other.
func grown(from io.Reader, held *holding) ([]byte, error) {
	var body bytes.Buffer
	for more := int64(firstRoom); ; more = min(int64(body.Len()), maxBody+1-int64(body.Len())) {
		if !held.take(more) {
			return nil, errBusy
		}
		body.Grow(int(more) + bytes.MinRead) // what ReadFrom wants to have left, lest it doubles the buffer
		n, err := io.CopyN(&body, from, more)
		switch {
		case body.Len() > maxBody:
			return nil, errTooLong
		case errors.Is(err, io.EOF) && n < more:
			return body.Bytes(), nil
		case err != nil:
			return nil, err
		}
	}
}

// readingError says why a body did not arrive.
func readingError(err error) error {
	if err == nil {
		return nil
	}
	if known, ok := errors.AsType[*refused](err); ok {
		return known
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errTooLong
	}
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		return errSlow
	}
	return errCut
}

// unpackingError is readingError for a packed body: what seems cut is more likely no gzip or zlib.
func unpackingError(err error) error {
	if err = readingError(err); errors.Is(err, errCut) {
		return errBroken
	}
	return err
}

// holding is one body's share of the room.
type holding struct {
	room *semaphore.Weighted
	n    int64
}

// patience is how long a body waits for others to be done with.
const patience = 10 * time.Second

func (h *holding) wait(ctx context.Context, n int64) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := h.room.Acquire(ctx, n); err != nil {
		return err
	}
	h.n += n
	return nil
}

func (h *holding) take(n int64) bool {
	if !h.room.TryAcquire(n) {
		return false
	}
	h.n += n
	return true
}

func (h *holding) release() { h.room.Release(h.n) }
