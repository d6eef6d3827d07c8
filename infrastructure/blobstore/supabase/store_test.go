package supabase_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/blobstore/blobstoretest"
	blobs "github.com/tertulia-dev/tertulia/infrastructure/blobstore/supabase"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	sandbox "github.com/tertulia-dev/tertulia/infrastructure/sandbox/supabase"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/supabase"
)

func TestABucketKeepsTheContractOfABlobStore(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]string{"a secret key": "sb_secret_" + sandboxtest.Key, "an older token": sandboxtest.Key} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			blobstoretest.Run(t, func(t *testing.T) blobstoretest.Fixture {
				s := sandboxtest.Start(t)
				client, err := supabase.New(supabase.Options{BaseURL: s.URL("supabase"), Key: key})
				require.NoError(t, err)
				return blobstoretest.Fixture{Store: blobs.New(client, sandbox.Bucket), Advance: s.AdvanceClock}
			})
		})
	}
}
