package supabase

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

// chunkSize is what every chunk of a resumable upload but the last must have, in bytes. One chunk is held in memory, so
// that it can be sent again.
const chunkSize = 6 << 20

// cacheSeconds is how long a holder of a signed URL may keep what it got.
const cacheSeconds = "3600"

// Upload stores size bytes of r under bucket and path, replacing what is there. The object appears whole or not at all:
// when r fails or yields another number of bytes, there is an error and no change. Large objects go in chunks, each sent
// again from where it broke off (tus 1.0.0).
func (c *Client) Upload(ctx context.Context, bucket, path, contentType string, size int64, r io.Reader) error {
	buffer := make([]byte, min(chunkSize, size))
	first, err := nextChunk(buffer, r, size, 0)
	if err != nil {
		return err
	}
	if size <= chunkSize {
		return c.out.JSON(ctx, outbound.Call{
			Operation: "upload_object", Method: http.MethodPost, Path: objectPath(path, bucket),
			Header: http.Header{"Content-Type": {contentType}, "Cache-Control": {"max-age=" + cacheSeconds}, "X-Upsert": {"true"}},
			Body:   bytes.NewReader(first), Length: size,
		}, nil)
	}
	u := &upload{client: c, size: size}
	if err := u.begin(ctx, bucket, path, contentType); err != nil {
		return err
	}
	if err := u.sendAll(ctx, first, buffer, r); err != nil {
		return errors.Join(err, u.abandon(ctx))
	}
	return nil
}

// nextChunk reads the chunk at offset into buffer. The last one is refused when more follows it, before it completes anything.
func nextChunk(buffer []byte, r io.Reader, size, offset int64) ([]byte, error) {
	chunk := buffer[:min(int64(len(buffer)), size-offset)]
	if _, err := io.ReadFull(r, chunk); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, fmt.Errorf("read %d bytes to upload: %w", size, err)
	}
	if offset+int64(len(chunk)) < size {
		return chunk, nil
	}
	n, err := io.ReadFull(r, make([]byte, 1))
	if n > 0 {
		return nil, fmt.Errorf("read %d bytes to upload: there are more", size)
	}
	if !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %d bytes to upload: %w", size, err)
	}
	return chunk, nil
}

type upload struct {
	client *Client
	size   int64
	path   string // below Storage, as the server named it
}

func tusHeader() http.Header { return http.Header{"Tus-Resumable": {"1.0.0"}} }

func (u *upload) begin(ctx context.Context, bucket, name, contentType string) error {
	encode := func(key, value string) string { return key + " " + base64.StdEncoding.EncodeToString([]byte(value)) }
	header := tusHeader()
	header.Set("Upload-Length", strconv.FormatInt(u.size, 10))
	header.Set("X-Upsert", "true")
	header.Set("Upload-Metadata", encode("bucketName", bucket)+","+encode("objectName", name)+","+
		encode("contentType", contentType)+","+encode("cacheControl", cacheSeconds))
	answered, err := u.call(ctx, outbound.Call{
		Operation: "begin_upload", Method: http.MethodPost, Path: "/upload/resumable", Header: header,
	})
	if err != nil {
		return err
	}
	// Only the location's last part is used: a proxy may have put another host or scheme before it, and the key goes to
	// the configured one.
	location, err := url.Parse(answered.Get("Location"))
	if err != nil || location.Path == "" {
		return outbound.Failed(vendor, "begin_upload", outbound.Unknown, errors.New("the answer has no location"))
	}
	u.path = "/upload/resumable/" + path.Base(location.EscapedPath())
	return nil
}

// sendAll uses the buffer again once a chunk has arrived, when nobody reads it any more.
func (u *upload) sendAll(ctx context.Context, chunk, buffer []byte, r io.Reader) error {
	for offset := int64(0); ; {
		if err := u.send(ctx, chunk, offset); err != nil {
			return err
		}
		offset += int64(len(chunk))
		if offset == u.size {
			return nil
		}
		var err error
		if chunk, err = nextChunk(buffer, r, u.size, offset); err != nil {
			return err
		}
	}
}

// chunkTries is how often one chunk is sent before the upload fails.
const chunkTries = 3

// send sends one chunk. When it breaks off, it asks how much has arrived and sends the rest.
func (u *upload) send(ctx context.Context, chunk []byte, start int64) error {
	offset := start
	var err error
	for range chunkTries {
		if err = u.patch(ctx, chunk[offset-start:], offset); err == nil {
			return nil
		}
		if failed, ok := errors.AsType[*outbound.Error](err); !ok || !failed.Retryable() || ctx.Err() != nil {
			return err
		}
		arrived, headErr := u.arrived(ctx)
		if headErr != nil {
			return errors.Join(err, headErr)
		}
		if arrived == start+int64(len(chunk)) {
			return nil
		}
		if arrived < start || arrived > start+int64(len(chunk)) {
			return fmt.Errorf("resume an upload: %d bytes have arrived, which is outside the chunk at %d", arrived, start)
		}
		offset = arrived
	}
	return err
}

func (u *upload) patch(ctx context.Context, rest []byte, offset int64) error {
	header := tusHeader()
	header.Set("Content-Type", "application/offset+octet-stream")
	header.Set("Upload-Offset", strconv.FormatInt(offset, 10))
	_, err := u.call(ctx, outbound.Call{
		Operation: "upload_chunk", Method: http.MethodPatch, Path: u.path, Header: header,
		Body: bytes.NewReader(rest), Length: int64(len(rest)),
	})
	return err
}

// arrived asks how many bytes the server has. An upload that is gone was completed by a chunk whose answer was lost, or
// has expired: its error tells that it is not known.
func (u *upload) arrived(ctx context.Context) (int64, error) {
	answered, err := u.call(ctx, outbound.Call{Operation: "check_upload", Method: http.MethodHead, Path: u.path, Header: tusHeader()})
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(answered.Get("Upload-Offset"), 10, 64)
	if err != nil {
		return 0, outbound.Failed(vendor, "check_upload", outbound.Unknown, errors.New("the answer has no offset"))
	}
	return n, nil
}

// abandon removes what has arrived, also when the upload was cancelled. One that is already gone is no error.
func (u *upload) abandon(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_, err := u.call(ctx, outbound.Call{Operation: "abandon_upload", Method: http.MethodDelete, Path: u.path, Header: tusHeader()})
	if status := outbound.StatusOf(err); status == http.StatusNotFound || status == http.StatusGone {
		return nil
	}
	return err
}

// call is for answers that are headers only.
func (u *upload) call(ctx context.Context, call outbound.Call) (http.Header, error) {
	resp, err := u.client.out.Stream(ctx, call)
	if err != nil {
		return nil, err
	}
	return resp.Header, resp.Body.Close()
}
