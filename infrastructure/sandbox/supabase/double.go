// Package supabase is a double of a Supabase project as far as Tertulia meets one: the key set of Auth, tokens as Auth
// issues them, and Storage (uploads, resumable uploads, signed links, deletions). Objects lie in a temporary folder, so
// that an upload of any size passes without being held in memory.
//
// Below the control prefix, POST /token issues an access token (see tokenBody), POST /rotate replaces the signing keys,
// POST /settings {fileSizeLimit} changes the project.
package supabase

import (
	"net/http"
	"os"
	"strings"
	"sync"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// Bucket is the bucket that a new project has; it is private.
const Bucket = "meeting-recordings"

// defaultSizeLimit is the most bytes of one object.
const defaultSizeLimit = 50 << 30

// Double is the project. It is safe for concurrent use.
type Double struct {
	env     core.Env
	api     *http.ServeMux
	control *http.ServeMux
	keys    *keys

	mu        sync.Mutex
	folder    string // made by the first upload
	buckets   map[string]*bucket
	objects   map[string]*object // by "<bucket>/<name>"
	uploads   map[string]*upload // resumable, by ID
	sizeLimit int64
}

// New builds a project with one empty bucket.
func New(env core.Env) *Double {
	d := &Double{env: core.NewEnv(env), api: http.NewServeMux(), control: http.NewServeMux(), keys: newKeys()}
	d.Reset()
	d.api.HandleFunc("GET /auth/v1/.well-known/jwks.json", d.getKeySet)
	d.storageRoutes()
	d.api.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		core.WriteJSON(w, http.StatusNotFound, map[string]any{
			"message": "Route " + r.Method + ":" + r.URL.Path + " not found", "error": "Not Found", "statusCode": http.StatusNotFound,
		})
	})
	d.control.HandleFunc("POST /token", d.postToken)
	d.control.HandleFunc("POST /rotate", d.postRotate)
	d.control.HandleFunc("POST /settings", d.postSettings)
	return d
}

// Name is the vendor's name and its path prefix.
func (d *Double) Name() string { return "supabase" }

// Control serves the double's own controls, below its control prefix.
func (d *Double) Control() http.Handler { return d.control }

// Reset empties the storage. The signing keys stay: who verifies tokens may have them cached.
func (d *Double) Reset() {
	d.mu.Lock()
	defer d.mu.Unlock()
	_ = d.dropFolder() // what stays of a temporary folder is not used again
	d.buckets = map[string]*bucket{Bucket: {ID: Bucket, Name: Bucket, CreatedAt: d.env.Clock.Now()}}
	d.objects, d.uploads, d.sizeLimit = map[string]*object{}, map[string]*upload{}, defaultSizeLimit
}

// Close removes the temporary folder.
func (d *Double) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.dropFolder()
}

func (d *Double) dropFolder() error {
	folder := d.folder
	d.folder = ""
	if folder == "" {
		return nil
	}
	return os.RemoveAll(folder)
}

// ServeHTTP answers as a project's gateway does. The key set and signed links need no key.
func (d *Double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !needsKey(r) {
		d.api.ServeHTTP(w, r)
		return
	}
	apikey, bearer := r.Header.Get("apikey"), core.BearerToken(r)
	switch {
	case apikey == "" && bearer == "":
		core.WriteJSON(w, http.StatusUnauthorized, map[string]string{
			"message": "No API key found in request", "hint": "No `apikey` request header or url param was found.",
		})
	case strings.HasPrefix(bearer, "sb_secret_"):
		refuse(w, storageError{"403", "AccessDenied", "Unauthorized", "Invalid Compact JWS"}) // a secret key is no JWT
	case !goodKey(apikey) && !core.GoodKey(bearer):
		core.WriteJSON(w, http.StatusUnauthorized, map[string]string{
			"message": "Invalid API key", "hint": "Double check your Supabase `anon` or `service_role` API key.",
		})
	default:
		d.api.ServeHTTP(w, r)
	}
}

// goodKey takes the sandbox's keys in both of the vendor's forms: the old one, and the new secret key.
func goodKey(apikey string) bool { return core.GoodKey(strings.TrimPrefix(apikey, "sb_secret_")) }

func needsKey(r *http.Request) bool {
	signed := strings.HasPrefix(r.URL.Path, storage+"/object/sign/") && r.Method != http.MethodPost ||
		strings.HasPrefix(r.URL.Path, storage+"/object/upload/sign/") && r.Method == http.MethodPut
	return !signed && !strings.HasPrefix(r.URL.Path, "/auth/v1/.well-known/") && r.Method != http.MethodOptions
}

// postSettings: POST /settings.
func (d *Double) postSettings(w http.ResponseWriter, r *http.Request) {
	var in struct {
		FileSizeLimit int64 `json:"fileSizeLimit"`
	}
	if !core.DecodeControl(w, r, &in) {
		return
	}
	if in.FileSizeLimit < 1 {
		core.FieldError(w, "fileSizeLimit", "fileSizeLimit must be a number of bytes above 0")
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sizeLimit = in.FileSizeLimit
	core.WriteJSON(w, http.StatusOK, map[string]int64{"fileSizeLimit": d.sizeLimit})
}
