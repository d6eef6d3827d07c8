package embed_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	s3sandbox "github.com/tertulia-dev/tertulia/infrastructure/sandbox/s3"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
)

func TestRecordingsAreKeptInABucketWhereOneIsConfigured(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.Configured(func(c *embed.Config) {
		c.S3.Endpoint, c.S3.Bucket = strings.TrimSuffix(c.Recall.BaseURL, "/recall"), s3sandbox.Bucket
		c.S3.AccessKeyID, c.S3.SecretAccessKey = sandboxtest.Key, s3sandbox.SecretAccessKey
		c.Stores.DataDir = "" // nothing is on disk
	}))
	id := s.Scheduled(t, embedtest.Talk())
	media := s.Settled(t, id).Media
	for _, link := range []string{*media.VideoURL, *media.AudioURL} {
		require.True(t, strings.HasPrefix(link, s.Sandbox.URL(s3sandbox.Bucket)), link)
		requirePlays(t, s, link)
	}
	stolen := strings.Replace(*media.AudioURL, "audio.mp3", "video.mp4", 1)
	require.Equal(t, http.StatusForbidden, s.Do(t, http.MethodGet, stolen, "").Status, "a signature is for one file")
}
