// Package s3 is a blob store in a bucket of any service that speaks S3's protocol: AWS, MinIO, Cloudflare R2, Backblaze,
// Google Cloud Storage and others.
package s3

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tertulia-dev/tertulia/infrastructure/blobstore"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

const vendor = "s3"

const (
	// callTime is the most that one request may take; no request carries more than a part.
	callTime = 2 * time.Minute
	// tries is how often a request is sent before it fails.
	tries = 3
	// maxAnswer is the most bytes of an answer: objects are never read through the store.
	maxAnswer = 1 << 20
)

// Options configure a store. All but Logger, Registerer and Transport are required.
type Options struct {
	Endpoint        string // absolute URL without a path
	Bucket, Region  string // the bucket exists and is private
	AccessKeyID     string
	SecretAccessKey string
	PathStyle       bool // the bucket is named in the path, not in the host name
	Logger          *slog.Logger
	Registerer      prometheus.Registerer
	Transport       http.RoundTripper // replaces the network in tests
}

// Store implements blobstore.Store in one bucket.
type Store struct {
	client minio.Core
	bucket string
}

var _ blobstore.Store = (*Store)(nil)

// New makes a store. It does not call the service.
func New(o Options) (*Store, error) {
	endpoint, err := url.Parse(o.Endpoint)
	if err != nil || endpoint.Host == "" || endpoint.Path != "" && endpoint.Path != "/" {
		return nil, errors.New("make the s3 store: the endpoint must be an absolute URL without a path, as in https://s3.amazonaws.com")
	}
	out, err := outbound.New(outbound.Options{
		Vendor: vendor, BaseURL: o.Endpoint, Logger: o.Logger, Registerer: o.Registerer, Transport: o.Transport, MaxAnswer: maxAnswer,
	})
	if err != nil {
		return nil, err
	}
	lookup := minio.BucketLookupDNS
	if o.PathStyle {
		lookup = minio.BucketLookupPath
	}
	client, err := minio.NewCore(endpoint.Host, &minio.Options{
		Creds: credentials.NewStaticV4(o.AccessKeyID, o.SecretAccessKey, ""), Secure: endpoint.Scheme == "https",
		Region: o.Region, BucketLookup: lookup, Transport: out.HTTP().Transport, MaxRetries: tries,
	})
	if err != nil {
		return nil, fmt.Errorf("make the s3 store: %w", err)
	}
	return &Store{client: *client, bucket: o.Bucket}, nil
}

// SignedURL implements blobstore.Store. The signature is made here; only whether the object exists is asked for.
func (s *Store) SignedURL(ctx context.Context, key string, ttl time.Duration) (string, error) {
	if _, err := s.Stat(ctx, key); err != nil {
		return "", err
	}
	link, err := s.client.PresignedGetObject(ctx, s.bucket, key, ttl, nil)
	if err != nil {
		return "", fmt.Errorf("sign a blob's URL: %w", err)
	}
	return link.String(), nil
}

// Stat implements blobstore.Store.
func (s *Store) Stat(ctx context.Context, key string) (blobstore.Object, error) {
	if err := blobstore.CheckKey(key); err != nil {
		return blobstore.Object{}, err
	}
	var about minio.ObjectInfo
	err := call(ctx, "stat_object", func(ctx context.Context) (err error) {
		about, err = s.client.StatObject(ctx, s.bucket, key, minio.StatObjectOptions{})
		return err
	})
	if err != nil {
		if outbound.StatusOf(err) == http.StatusNotFound {
			return blobstore.Object{}, blobstore.NotFound()
		}
		return blobstore.Object{}, fmt.Errorf("look up a blob: %w", err)
	}
	return blobstore.Object{Size: about.Size, ContentType: about.ContentType}, nil
}

// Delete implements blobstore.Store.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := blobstore.CheckKey(key); err != nil {
		return err
	}
	err := call(ctx, "delete_object", func(ctx context.Context) error {
		return s.client.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{})
	})
	if err != nil {
		return fmt.Errorf("delete a blob: %w", err)
	}
	return nil
}

// call makes one call of the SDK within callTime and turns its error, which may print keys, into ours.
func call(ctx context.Context, operation string, do func(context.Context) error) error {
	within, cancel := context.WithTimeout(outbound.WithOperation(ctx, operation), callTime)
	defer cancel()
	err := do(within)
	if err == nil {
		return nil
	}
	if refused, ok := errors.AsType[minio.ErrorResponse](err); ok && refused.StatusCode != 0 {
		e := outbound.NewError(vendor, operation, refused.StatusCode, http.Header{}, nil)
		e.Code = refused.Code
		return e
	}
	if e, ok := errors.AsType[*outbound.Error](err); ok {
		return e
	}
	for _, ended := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, ended) {
			return outbound.Failed(vendor, operation, outbound.Unknown, ended)
		}
	}
	return outbound.Failed(vendor, operation, outbound.Unknown, fmt.Errorf("no usable answer (%T)", err))
}
