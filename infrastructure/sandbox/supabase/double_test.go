package supabase_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/supabase"
)

const object = "/supabase/storage/v1/object"

// running is a sandbox with the Supabase double in it.
type running struct {
	*core.Server
	url string
}

func start(t *testing.T) *running {
	t.Helper()
	env := core.NewEnv(core.Env{})
	s := &running{Server: core.NewServer(env, supabase.New(env))}
	server := httptest.NewServer(s)
	t.Cleanup(func() {
		server.Close()
		require.NoError(t, s.Close())
	})
	s.url = server.URL
	return s
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	raw    []byte
}

func (a answer) json(t *testing.T, into any) {
	t.Helper()
	require.NoError(t, json.Unmarshal(a.raw, into), string(a.raw))
}

// refusal is Storage's error body.
type refusal struct{ StatusCode, Code, Error, Message string }

func (a answer) refusal(t *testing.T) refusal {
	t.Helper()
	require.Equal(t, http.StatusBadRequest, a.status, string(a.raw))
	var r refusal
	a.json(t, &r)
	return r
}

// call sends a request with the sandbox's key; headers are name, value pairs and may replace it.
func (s *running) call(t *testing.T, method, path string, body io.Reader, headers ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.url+path, body)
	require.NoError(t, err)
	req.Header.Set("apikey", "sandbox-key")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { require.NoError(t, resp.Body.Close()) }()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return answer{resp.StatusCode, resp.Header, raw}
}

func (s *running) put(t *testing.T, path, body string, headers ...string) answer {
	t.Helper()
	return s.call(t, "POST", object+path, strings.NewReader(body), append([]string{"Content-Type", "audio/mpeg"}, headers...)...)
}

func (s *running) sign(t *testing.T, path string) string {
	t.Helper()
	var signed struct{ SignedURL string }
	s.call(t, "POST", object+"/sign"+path, strings.NewReader(`{"expiresIn":60}`)).json(t, &signed)
	require.True(t, strings.HasPrefix(signed.SignedURL, "/object/sign"+path+"?token="), signed.SignedURL)
	return "/supabase/storage/v1" + signed.SignedURL
}

func TestAnObjectIsUploadedOnceUnlessUpserted(t *testing.T) {
	t.Parallel()
	s := start(t)

	first := s.put(t, "/meeting-recordings/a/audio.mp3", "uno")
	require.Equal(t, http.StatusOK, first.status, string(first.raw))
	var made struct{ ID, Key string }
	first.json(t, &made)
	require.Equal(t, "meeting-recordings/a/audio.mp3", made.Key)

	twice := s.put(t, "/meeting-recordings/a/audio.mp3", "dos").refusal(t)
	require.Equal(t, refusal{"409", "KeyAlreadyExists", "Duplicate", "The resource already exists"}, twice)
	require.Equal(t, http.StatusOK, s.put(t, "/meeting-recordings/a/audio.mp3", "tres", "x-upsert", "true").status)

	read := s.call(t, "GET", object+"/meeting-recordings/a/audio.mp3", nil)
	require.Equal(t, "tres", string(read.raw))
	require.Equal(t, "audio/mpeg", read.header.Get("Content-Type"))
	require.Equal(t, "NoSuchBucket", s.put(t, "/other/a", "x").refusal(t).Code)
	require.Equal(t, "InvalidKey", s.put(t, "/meeting-recordings/se%C3%B1al.mp3", "x").refusal(t).Code)
}

func TestAFormUploadKeepsTheFilesType(t *testing.T) {
	t.Parallel()
	s := start(t)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	require.NoError(t, form.WriteField("cacheControl", "3600"))
	part, err := form.CreatePart(map[string][]string{"Content-Disposition": {`form-data; name=""; filename="v.mp4"`}, "Content-Type": {"video/mp4"}})
	require.NoError(t, err)
	_, err = part.Write([]byte("video"))
	require.NoError(t, err)
	require.NoError(t, form.Close())

	up := s.call(t, "POST", object+"/meeting-recordings/v.mp4", &body, "Content-Type", form.FormDataContentType())

	require.Equal(t, http.StatusOK, up.status, string(up.raw))
	read := s.call(t, "GET", object+"/authenticated/meeting-recordings/v.mp4", nil)
	require.Equal(t, "video", string(read.raw))
	require.Equal(t, "video/mp4", read.header.Get("Content-Type"))
	require.Equal(t, "max-age=3600", read.header.Get("Cache-Control"))
}

func TestASignedLinkOpensItsObjectUntilItExpires(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.put(t, "/meeting-recordings/a b/audio.mp3", "0123456789")
	link := s.sign(t, "/meeting-recordings/a%20b/audio.mp3")
	open := func(link string, headers ...string) answer {
		return s.call(t, "GET", link, nil, append(headers, "apikey", "")...)
	}

	require.Equal(t, "0123456789", string(open(link).raw))
	part := open(link, "Range", "bytes=2-4")
	require.Equal(t, http.StatusPartialContent, part.status)
	require.Equal(t, "234", string(part.raw))
	require.Equal(t, "bytes 2-4/10", part.header.Get("Content-Range"))

	s.put(t, "/meeting-recordings/other.mp3", "x")
	_, token, _ := strings.Cut(link, "?token=")
	require.Equal(t, "InvalidSignature", open(object+"/sign/meeting-recordings/other.mp3?token="+token).refusal(t).Code)
	require.Equal(t, "InvalidJWT", open(link+"x").refusal(t).Code)
	require.Equal(t, "400", open(strings.TrimSuffix(link, "?token="+token)).refusal(t).StatusCode)
	s.Clock().Advance(61 * time.Second)
	require.Equal(t, "InvalidJWT", open(link).refusal(t).Code)

	missing := s.call(t, "POST", object+"/sign/meeting-recordings/none", strings.NewReader(`{"expiresIn":60}`)).refusal(t)
	require.Equal(t, refusal{"404", "NoSuchKey", "not_found", "Object not found"}, missing)
}

func TestASignedUploadNeedsNoKey(t *testing.T) {
	t.Parallel()
	s := start(t)
	var signed struct{ URL, Token string }
	s.call(t, "POST", object+"/upload/sign/meeting-recordings/up.txt", nil).json(t, &signed)

	up := s.call(t, "PUT", "/supabase/storage/v1"+signed.URL, strings.NewReader("hola"), "apikey", "", "Content-Type", "text/plain")

	require.Equal(t, http.StatusOK, up.status, string(up.raw))
	require.Equal(t, "hola", string(s.call(t, "GET", object+"/meeting-recordings/up.txt", nil).raw))
}

func TestObjectsAreDeletedOneByOneOrTogether(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, name := range []string{"a/1", "a/2", "b"} {
		s.put(t, "/meeting-recordings/"+name, name)
	}
	list := func() []map[string]any {
		var rows []map[string]any
		s.call(t, "POST", object+"/list/meeting-recordings", strings.NewReader(`{"prefix":"","limit":10}`)).json(t, &rows)
		return rows
	}
	require.Len(t, list(), 2)
	require.Nil(t, list()[0]["id"]) // the folder

	require.Equal(t, http.StatusOK, s.call(t, "DELETE", object+"/meeting-recordings/b", nil).status)
	require.Equal(t, "NoSuchKey", s.call(t, "DELETE", object+"/meeting-recordings/b", nil).refusal(t).Code)
	var gone []map[string]any
	s.call(t, "DELETE", object+"/meeting-recordings", strings.NewReader(`{"prefixes":["a/1","a/2","nothing"]}`)).json(t, &gone)
	require.Len(t, gone, 2)
	require.Empty(t, list())
}

func TestTheWrongKeyIsRefusedByTheGateway(t *testing.T) {
	t.Parallel()
	s := start(t)
	path := "/supabase/storage/v1/bucket/meeting-recordings"
	require.Equal(t, http.StatusOK, s.call(t, "GET", path, nil, "apikey", "sb_secret_sandbox").status)
	require.Equal(t, http.StatusOK, s.call(t, "GET", path, nil, "apikey", "", "Authorization", "Bearer sandbox").status)
	require.Equal(t, http.StatusUnauthorized, s.call(t, "GET", path, nil, "apikey", "").status)
	require.Equal(t, http.StatusUnauthorized, s.call(t, "GET", path, nil, "apikey", "eyJreal").status)
	jwtExpected := s.call(t, "GET", path, nil, "apikey", "sb_secret_sandbox", "Authorization", "Bearer sb_secret_sandbox").refusal(t)
	require.Equal(t, "Invalid Compact JWS", jwtExpected.Message)
}

func TestALargerObjectThanTheProjectAllowsIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	require.Equal(t, http.StatusOK, s.call(t, "POST", "/_control/supabase/settings", strings.NewReader(`{"fileSizeLimit":4}`)).status)
	require.Equal(t, http.StatusOK, s.put(t, "/meeting-recordings/4", "1234").status)
	require.Equal(t, "413", s.put(t, "/meeting-recordings/5", "12345").refusal(t).StatusCode)
	require.Equal(t, "NoSuchKey", s.call(t, "GET", object+"/meeting-recordings/5", nil).refusal(t).Code)
}

func TestTokensVerifyAgainstTheKeySetAndTheSecret(t *testing.T) {
	t.Parallel()
	s := start(t)
	token := func(body string) string {
		var issued struct{ Token string }
		s.call(t, "POST", "/_control/supabase/token", strings.NewReader(body)).json(t, &issued)
		return issued.Token
	}
	verify := func(token string, alg string) (jwt.MapClaims, error) {
		set := s.call(t, "GET", "/supabase/auth/v1/.well-known/jwks.json", nil, "apikey", "")
		require.Equal(t, "public, max-age=600", set.header.Get("Cache-Control"))
		keys, err := keyfunc.NewJWKSetJSON(set.raw)
		require.NoError(t, err)
		claims := jwt.MapClaims{}
		_, err = jwt.ParseWithClaims(token, claims, keys.Keyfunc, jwt.WithValidMethods([]string{alg}), jwt.WithAudience("authenticated"))
		return claims, err
	}

	es := token(`{"email":"ana@empresa.mx"}`)
	claims, err := verify(es, "ES256")
	require.NoError(t, err)
	require.Equal(t, "ana@empresa.mx", claims["email"])
	require.Equal(t, "authenticated", claims["role"])
	require.Equal(t, s.url+"/supabase/auth/v1", claims["iss"])
	_, err = verify(token(`{"email":"a@b.mx","alg":"RS256"}`), "RS256")
	require.NoError(t, err)

	_, err = verify(token(`{"email":"a@b.mx","expiresIn":-60}`), "ES256")
	require.ErrorIs(t, err, jwt.ErrTokenExpired)
	_, err = verify(token(`{"email":"a@b.mx","aud":"anon"}`), "ES256")
	require.ErrorIs(t, err, jwt.ErrTokenInvalidAudience)
	hs := token(`{"email":"a@b.mx","alg":"HS256","secret":"un secreto","claims":{"email":null,"is_anonymous":true}}`)
	claims = jwt.MapClaims{}
	_, err = jwt.ParseWithClaims(hs, claims, func(*jwt.Token) (any, error) { return []byte("un secreto"), nil })
	require.NoError(t, err)
	require.NotContains(t, claims, "email")
	_, err = verify(hs, "HS256")
	require.Error(t, err) // the key set has no shared secret

	s.call(t, "POST", "/_control/supabase/rotate", nil)
	_, err = verify(es, "ES256")
	require.Error(t, err)
	require.Equal(t, http.StatusBadRequest, s.call(t, "POST", "/_control/supabase/token", strings.NewReader(`{"email":"a","alg":"none"}`)).status)
}
