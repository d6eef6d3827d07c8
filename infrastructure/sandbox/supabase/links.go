package supabase

import (
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// What a signed link may do.
const (
	scopeDownload = "download"
	scopeUpload   = "upload"
)

// uploadLinkLife is how long a link for an upload is good.
const uploadLinkLife = 2 * time.Hour

// linkKey signs links; it is Storage's own and no project key.
const linkKey = "sandbox storage link key"

// signDownload: POST /object/sign/{bucket}/{name} {"expiresIn":seconds} answers with a link below /storage/v1.
func (d *Double) signDownload(w http.ResponseWriter, r *http.Request) {
	var body struct {
		ExpiresIn int `json:"expiresIn"`
	}
	if !readBody(w, r, &body) {
		return
	}
	if body.ExpiresIn < 1 {
		refuse(w, badRequest("body/expiresIn must be >= 1"))
		return
	}
	path := r.PathValue("bucket") + "/" + r.PathValue("name")
	_, f, err := d.find(r.PathValue("bucket"), r.PathValue("name"))
	if err != nil {
		refuseWith(w, err)
		return
	}
	_ = f.Close() // it was not even read
	token, err := d.linkToken(path, scopeDownload, time.Duration(body.ExpiresIn)*time.Second)
	if err != nil {
		refuse(w, errInternal)
		return
	}
	core.WriteJSON(w, http.StatusOK, map[string]string{"signedURL": "/object/sign/" + escape(path) + "?token=" + token})
}

// signedDownload: GET /object/sign/{bucket}/{name}?token=.
func (d *Double) signedDownload(w http.ResponseWriter, r *http.Request) {
	if err := d.checkLink(r, scopeDownload); err != nil {
		refuseWith(w, err)
		return
	}
	d.download(w, r)
}

// signUpload: POST /object/upload/sign/{bucket}/{name}.
func (d *Double) signUpload(w http.ResponseWriter, r *http.Request) {
	path := r.PathValue("bucket") + "/" + r.PathValue("name")
	if err := d.check(r.PathValue("bucket"), r.PathValue("name"), r.Header.Get("X-Upsert") == "true"); err != nil {
		refuseWith(w, err)
		return
	}
	token, err := d.linkToken(path, scopeUpload, uploadLinkLife)
	if err != nil {
		refuse(w, errInternal)
		return
	}
	core.WriteJSON(w, http.StatusOK, map[string]string{"url": "/object/upload/sign/" + escape(path) + "?token=" + token, "token": token})
}

// signedUpload: PUT /object/upload/sign/{bucket}/{name}?token=.
func (d *Double) signedUpload(w http.ResponseWriter, r *http.Request) {
	if err := d.checkLink(r, scopeUpload); err != nil {
		refuseWith(w, err)
		return
	}
	d.store(w, r, r.Header.Get("X-Upsert") == "true")
}

func (d *Double) linkToken(path, scope string, life time.Duration) (string, error) {
	now := d.env.Clock.Now()
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"url": path, "scope": scope, "iat": now.Unix(), "exp": now.Add(life).Unix(),
	}).SignedString([]byte(linkKey))
}

// checkLink tells why the token of a request does not open what its path names.
func (d *Double) checkLink(r *http.Request, scope string) error {
	token := r.URL.Query().Get("token")
	if token == "" {
		return badRequest("querystring must have required property 'token'")
	}
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(token, claims, func(*jwt.Token) (any, error) { return []byte(linkKey), nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithTimeFunc(d.env.Clock.Now), jwt.WithExpirationRequired())
	if err != nil {
		return storageError{"400", "InvalidJWT", "InvalidJWT", err.Error()}
	}
	if claims["url"] != r.PathValue("bucket")+"/"+r.PathValue("name") || claims["scope"] != scope {
		return errSignature
	}
	return nil
}
