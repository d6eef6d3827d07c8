package s3

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

const (
	algorithm = "AWS4-HMAC-SHA256"
	dateTime  = "20060102T150405Z"
	// unsigned stands for the body's digest where the signature does not cover the body.
	unsigned = "UNSIGNED-PAYLOAD"
	// maxSkew is how far a request's date may be from the server's.
	maxSkew = 15 * time.Minute
	// maxLife is the longest life of a link.
	maxLife = 7 * 24 * time.Hour
)

// signed is what a request claims about its signature.
type signed struct {
	keyID, date, region string // the credential's parts
	at                  time.Time
	headers             []string // names, lower case, sorted
	signature           string
	payload             string // the body's digest, or unsigned
	link                bool   // in the query, not in a header
}

// authenticate checks Signature Version 4, in the Authorization header or in a link's query.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html and sigv4-query-string-auth
func (d *Double) authenticate(r *http.Request) *apiError {
	s, problem := claims(r)
	if problem != nil {
		return problem
	}
	if !core.GoodKey(s.keyID) {
		return &apiError{http.StatusForbidden, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."}
	}
	if s.region != Region {
		return &apiError{http.StatusBadRequest, "AuthorizationHeaderMalformed", "the region '" + s.region + "' is wrong; expecting '" + Region + "'"}
	}
	if !hmac.Equal([]byte(s.signature), []byte(signature(r, s, SecretAccessKey))) {
		return &apiError{http.StatusForbidden, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided."}
	}
	if s.link {
		return d.checkLife(r, s)
	}
	if d.clock.Base().Sub(s.at).Abs() > maxSkew {
		return &apiError{http.StatusForbidden, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large."}
	}
	return nil
}

func (d *Double) checkLife(r *http.Request, s signed) *apiError {
	seconds, err := strconv.Atoi(r.URL.Query().Get("X-Amz-Expires"))
	life := time.Duration(seconds) * time.Second
	if err != nil || life < time.Second || life > maxLife {
		return &apiError{http.StatusBadRequest, "AuthorizationQueryParametersError", "X-Amz-Expires must be from 1 to 604800"}
	}
	if d.clock.Now().After(s.at.Add(life)) {
		return accessDenied("Request has expired")
	}
	return nil
}

// claims reads the signature's parts from wherever they are.
func claims(r *http.Request) (signed, *apiError) {
	query := r.URL.Query()
	at, credential := r.Header.Get("X-Amz-Date"), ""
	s := signed{payload: r.Header.Get("X-Amz-Content-Sha256")}
	var headers string
	if query.Has("X-Amz-Signature") {
		s.link, s.payload, s.signature = true, unsigned, query.Get("X-Amz-Signature")
		at, credential, headers = query.Get("X-Amz-Date"), query.Get("X-Amz-Credential"), query.Get("X-Amz-SignedHeaders")
	} else {
		given, found := strings.CutPrefix(r.Header.Get("Authorization"), algorithm+" ")
		if !found {
			return signed{}, accessDenied("Access Denied")
		}
		parts := map[string]string{}
		for part := range strings.SplitSeq(given, ",") {
			name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
			parts[name] = value
		}
		credential, headers, s.signature = parts["Credential"], parts["SignedHeaders"], parts["Signature"]
	}
	scope := strings.Split(credential, "/")
	date, err := time.Parse(dateTime, at)
	if err != nil || len(scope) != 5 || scope[3] != "s3" || scope[4] != "aws4_request" || !strings.HasPrefix(at, scope[1]) || s.payload == "" {
		return signed{}, &apiError{http.StatusBadRequest, "AuthorizationHeaderMalformed", "The authorization is malformed."}
	}
	s.keyID, s.date, s.region, s.at, s.headers = scope[0], scope[1], scope[2], date, strings.Split(headers, ";")
	return s, nil
}

// signature is what the request must carry, with a key's secret.
func signature(r *http.Request, s signed, secret string) string {
	scope := strings.Join([]string{s.date, s.region, "s3", "aws4_request"}, "/")
	text := strings.Join([]string{algorithm, s.at.Format(dateTime), scope, hexDigest(canonical(r, s))}, "\n")
	key := []byte("AWS4" + secret)
	for _, part := range []string{s.date, s.region, "s3", "aws4_request", text} {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(part))
		key = mac.Sum(nil)
	}
	return hex.EncodeToString(key)
}

// canonical is the request in the one form that both sides sign. The path is the one that was sent, before the sandbox
// cut its prefix off.
func canonical(r *http.Request, s signed) string {
	sent, _, _ := strings.Cut(r.RequestURI, "?")
	path, err := url.PathUnescape(sent)
	if err != nil {
		path = sent // it will not match, as it should not
	}
	var headers strings.Builder
	for _, name := range s.headers {
		value := strings.Join(r.Header.Values(name), ",")
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			value = strconv.FormatInt(r.ContentLength, 10)
		}
		headers.WriteString(name + ":" + strings.Join(strings.Fields(value), " ") + "\n")
	}
	return strings.Join([]string{
		r.Method, strings.ReplaceAll(encode(path), "%2F", "/"), canonicalQuery(r.URL.Query()), headers.String(),
		strings.Join(s.headers, ";"), s.payload,
	}, "\n")
}

func canonicalQuery(query url.Values) string {
	var pairs []string
	for name, values := range query {
		if name == "X-Amz-Signature" {
			continue
		}
		for _, value := range values {
			pairs = append(pairs, encode(name)+"="+encode(value))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

// encode leaves RFC 3986's unreserved characters as they are, and nothing else.
func encode(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(url.QueryEscape(s), "+", "%20"), "%7E", "~")
}

func hexDigest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
