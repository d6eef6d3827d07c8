package filesystem

import (
	"crypto/hmac"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/infrastructure/blobstore"
)

// Handler serves signed URLs, with byte ranges. The mount strips its own prefix, so that what is left of the path is the
// key. It answers 403 to a forged or expired URL and 404 when the object is gone since it was signed.
func (s *Store) Handler() http.Handler { return http.HandlerFunc(s.serve) }

func (s *Store) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed)
		return
	}
	key := strings.TrimPrefix(r.URL.Path, "/")
	if blobstore.CheckKey(key) != nil || !s.isGenuine(key, r.URL.Query().Get("expires"), r.URL.Query().Get("signature")) {
		refuse(w, http.StatusForbidden)
		return
	}
	object, err := s.Stat(r.Context(), key)
	if err != nil {
		refuse(w, statusOf(err))
		return
	}
	file, err := s.root.Open(key)
	if err != nil {
		refuse(w, http.StatusNotFound) // deleted since
		return
	}
	defer func() { _ = file.Close() }()
	about, err := file.Stat()
	if err != nil {
		refuse(w, http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", object.ContentType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private")
	confine(h, object.ContentType, key)
	http.ServeContent(w, r, "", about.ModTime(), file)
}

func (s *Store) isGenuine(key, expires, signature string) bool {
	until, err := strconv.ParseInt(expires, 10, 64)
	return err == nil && hmac.Equal([]byte(signature), []byte(s.sign(key, expires))) && s.now().Unix() < until
}

// confine lets a browser play sound and pictures in place. Anything else, which could carry script, is saved, and runs
// nothing where it is shown all the same.
func confine(h http.Header, contentType, key string) {
	kind := "inline"
	if !strings.HasPrefix(contentType, "audio/") && !strings.HasPrefix(contentType, "video/") {
		kind = "attachment"
		h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	}
	h.Set("Content-Disposition", mime.FormatMediaType(kind, map[string]string{"filename": path.Base(key)}))
}

func statusOf(err error) int {
	if fault.KindOf(err) == fault.NotFound {
		return http.StatusNotFound
	}
	return http.StatusInternalServerError
}

func refuse(w http.ResponseWriter, status int) {
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, http.StatusText(status), status)
}
