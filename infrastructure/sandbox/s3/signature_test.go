package s3

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

// The requests and signatures are AWS's own examples:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and sigv4-query-string-auth.html
const (
	exampleSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	exampleScope  = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"
	emptyDigest   = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

func TestSignaturesAreThoseOfTheVendorsExamples(t *testing.T) {
	t.Parallel()
	inHeader := func(target, signedHeaders, signature string, headers map[string]string) *http.Request {
		r := httptest.NewRequest(http.MethodGet, target, nil)
		r.Host = "examplebucket.s3.amazonaws.com"
		for name, value := range headers {
			r.Header.Set(name, value)
		}
		r.Header.Set("X-Amz-Content-Sha256", emptyDigest)
		r.Header.Set("X-Amz-Date", "20130524T000000Z")
		r.Header.Set("Authorization", algorithm+" Credential="+exampleScope+",SignedHeaders="+signedHeaders+",Signature="+signature)
		return r
	}
	link := httptest.NewRequest(http.MethodGet, "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"+
		"&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z"+
		"&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404", nil)
	link.Host = "examplebucket.s3.amazonaws.com"
	for name, r := range map[string]*http.Request{
		"get object": inHeader("/test.txt", "host;range;x-amz-content-sha256;x-amz-date",
			"f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41", map[string]string{"Range": "bytes=0-9"}),
		"get bucket lifecycle": inHeader("/?lifecycle", "host;x-amz-content-sha256;x-amz-date",
			"fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543", nil),
		"link": link,
	} {
		s, refused := claims(r)
		require.Nil(t, refused, name)
		require.Equal(t, s.signature, signature(r, s, exampleSecret), name)
		require.NotEqual(t, s.signature, signature(r, s, "another"), name)
	}
}
