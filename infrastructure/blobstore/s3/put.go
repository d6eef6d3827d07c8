package s3

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/tertulia-dev/tertulia/infrastructure/blobstore"
)

// S3's limits: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
const (
	partSize = 8 << 20 // bytes; the least that S3 takes of any part but the last is 5 MiB
	maxParts = 10_000
)

// Put implements blobstore.Store. One part is held in memory, so that it can be sent again and its digest is signed: 8 MiB,
// or as much as makes no more than 10,000 parts of an object above 80 GB. What fits into one part is stored by one request;
// more becomes visible by the last request of a multipart upload, which a failure takes back.
func (s *Store) Put(ctx context.Context, key, contentType string, size int64, r io.Reader) (int64, error) {
	if err := blobstore.CheckKey(key); err != nil {
		return 0, err
	}
	n, err := s.put(ctx, key, contentType, &parts{r: r, size: size, part: make([]byte, partFor(size))})
	if err != nil {
		return 0, fmt.Errorf("store a blob: %w", err)
	}
	return n, nil
}

// partFor is how many bytes are held for a source of size bytes, -1 when that is not known.
func partFor(size int64) int64 {
	if size < 0 {
		return partSize
	}
	if size < partSize {
		return size + 1 // one more than there should be: a longer source fills it
	}
	return max(partSize, (size+maxParts-1)/maxParts)
}

func (s *Store) put(ctx context.Context, key, contentType string, source *parts) (int64, error) {
	// The digest of the whole part is signed; what is disabled is the signing of chunks, which not every service knows.
	options := minio.PutObjectOptions{ContentType: contentType, DisableContentSha256: true}
	first, err := source.next()
	if err != nil {
		return 0, err
	}
	if source.ended {
		return source.read, call(ctx, "put_object", func(ctx context.Context) error {
			_, err := s.client.PutObject(ctx, s.bucket, key, bytes.NewReader(first), int64(len(first)), "", digest(first), options)
			return err
		})
	}
	var id string
	err = call(ctx, "begin_upload", func(ctx context.Context) (err error) {
		id, err = s.client.NewMultipartUpload(ctx, s.bucket, key, options)
		return err
	})
	if err != nil {
		return 0, err
	}
	if err := s.putParts(ctx, key, id, first, source); err != nil {
		return 0, errors.Join(err, s.abandon(ctx, key, id))
	}
	return source.read, nil
}

// putParts sends the first part and those that follow, and completes the upload.
func (s *Store) putParts(ctx context.Context, key, id string, part []byte, source *parts) error {
	var sent []minio.CompletePart
	for len(part) > 0 {
		number := len(sent) + 1
		err := call(ctx, "put_part", func(ctx context.Context) error {
			done, err := s.client.PutObjectPart(ctx, s.bucket, key, id, number, bytes.NewReader(part), int64(len(part)),
				minio.PutObjectPartOptions{Sha256Hex: digest(part), DisableContentSha256: true})
			sent = append(sent, minio.CompletePart{PartNumber: number, ETag: done.ETag})
			return err
		})
		if err != nil {
			return err
		}
		if part, err = source.next(); err != nil {
			return err
		}
	}
	return call(ctx, "complete_upload", func(ctx context.Context) error {
		_, err := s.client.CompleteMultipartUpload(ctx, s.bucket, key, id, sent, minio.PutObjectOptions{})
		return err
	})
}

// abandon takes back what was sent, also when the upload was cancelled: S3 keeps the parts, and their price, for ever.
func (s *Store) abandon(ctx context.Context, key, id string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return call(ctx, "abort_upload", func(ctx context.Context) error {
		return s.client.AbortMultipartUpload(ctx, s.bucket, key, id)
	})
}

// parts cuts a source into parts.
type parts struct {
	r     io.Reader
	size  int64  // of the source, -1 when that is not known
	part  []byte // used again for each
	read  int64
	ended bool
}

// next returns the next part, shorter than the others when it is the last, and nothing after it. It fails when the source
// has not the length that was announced.
func (p *parts) next() ([]byte, error) {
	if p.ended {
		return nil, nil
	}
	n, err := p.fill()
	p.read += int64(n)
	p.ended = errors.Is(err, io.EOF)
	if err != nil && !p.ended {
		return nil, err
	}
	if p.size >= 0 && (p.read > p.size || p.ended && p.read < p.size) {
		return nil, fmt.Errorf("%d bytes came, want %d: %w", p.read, p.size, io.ErrUnexpectedEOF)
	}
	return p.part[:n], nil
}

// fill reads until the part is full. io.ReadFull would not tell the end of the source from a source that broke off with
// io.ErrUnexpectedEOF, as a download does.
func (p *parts) fill() (n int, err error) {
	for n < len(p.part) && err == nil {
		var m int
		m, err = p.r.Read(p.part[n:])
		n += m
	}
	return n, err
}

func digest(part []byte) string {
	sum := sha256.Sum256(part)
	return hex.EncodeToString(sum[:])
}
