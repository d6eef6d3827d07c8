package supabase

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// storage is the prefix of Storage's paths.
const storage = "/storage/v1"

func (d *Double) storageRoutes() {
	route := func(method, path string, h http.HandlerFunc) { d.api.HandleFunc(method+" "+storage+path, h) }
	route("POST", "/object/{bucket}/{name...}", d.uploadObject)
	route("PUT", "/object/{bucket}/{name...}", d.uploadObject)
	route("GET", "/object/{bucket}/{name...}", d.download)
	route("GET", "/object/authenticated/{bucket}/{name...}", d.download)
	route("GET", "/object/info/{bucket}/{name...}", d.objectInfo)
	route("DELETE", "/object/{bucket}/{name...}", d.deleteObject)
	route("DELETE", "/object/{bucket}", d.deleteObjects)
	route("POST", "/object/list/{bucket}", d.listObjects)
	route("POST", "/object/sign/{bucket}/{name...}", d.signDownload)
	route("GET", "/object/sign/{bucket}/{name...}", d.signedDownload)
	route("POST", "/object/upload/sign/{bucket}/{name...}", d.signUpload)
	route("PUT", "/object/upload/sign/{bucket}/{name...}", d.signedUpload)
	route("GET", "/bucket", d.listBuckets)
	route("GET", "/bucket/{bucket}", d.getBucket)
	route("POST", "/bucket", d.createBucket)
	d.resumableRoutes()
}

// uploadObject: POST creates (x-upsert: true lets it overwrite), PUT overwrites.
func (d *Double) uploadObject(w http.ResponseWriter, r *http.Request) {
	upsert := r.Method == http.MethodPut || r.Header.Get("X-Upsert") == "true"
	d.store(w, r, upsert)
}

// store takes a raw or a multipart body and answers {"Id","Key"}.
func (d *Double) store(w http.ResponseWriter, r *http.Request, upsert bool) {
	bucketID, name := r.PathValue("bucket"), r.PathValue("name")
	if err := d.check(bucketID, name, upsert); err != nil {
		refuseWith(w, err)
		return
	}
	body, contentType, cacheControl, err := content(r)
	if err != nil {
		refuse(w, badRequest(err.Error()))
		return
	}
	o := &object{bucket: bucketID, name: name, contentType: contentType, cacheControl: cacheControl}
	if o.file, o.size, o.etag, err = d.receive(body); err == nil {
		err = d.publish(o, upsert)
	}
	if err != nil {
		refuseWith(w, err)
		return
	}
	core.WriteJSON(w, http.StatusOK, map[string]string{"Id": o.id, "Key": bucketID + "/" + name})
}

// content is the body of an upload: the request's own, or the first file of a form.
func content(r *http.Request) (body io.Reader, contentType, cacheControl string, err error) {
	contentType, cacheControl = r.Header.Get("Content-Type"), r.Header.Get("Cache-Control")
	if cacheControl == "" {
		cacheControl = "no-cache"
	}
	if kind, _, _ := mime.ParseMediaType(contentType); kind != "multipart/form-data" {
		if contentType == "" {
			contentType = "application/octet-stream"
		}
		return r.Body, contentType, cacheControl, nil
	}
	form, err := r.MultipartReader()
	if err != nil {
		return nil, "", "", err
	}
	for {
		part, err := form.NextPart()
		if err != nil {
			return nil, "", "", err
		}
		if part.FormName() == "cacheControl" {
			age, err := io.ReadAll(io.LimitReader(part, 64))
			if err != nil {
				return nil, "", "", err
			}
			cacheControl = "max-age=" + string(age)
			continue
		}
		if kind := part.Header.Get("Content-Type"); kind != "" || part.FileName() != "" {
			return part, kind, cacheControl, nil
		}
	}
}

// download streams an object, with ranges.
func (d *Double) download(w http.ResponseWriter, r *http.Request) {
	o, f, err := d.find(r.PathValue("bucket"), r.PathValue("name"))
	if err != nil {
		refuseWith(w, err)
		return
	}
	defer func() { _ = f.Close() }() // it was only read
	w.Header().Set("Content-Type", o.contentType)
	w.Header().Set("Cache-Control", o.cacheControl)
	w.Header().Set("ETag", `"`+o.etag+`"`)
	if query := r.URL.Query(); query.Has("download") {
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": query.Get("download")}))
	}
	http.ServeContent(w, r, "", o.updated, f)
}

func (d *Double) objectInfo(w http.ResponseWriter, r *http.Request) {
	o, f, err := d.find(r.PathValue("bucket"), r.PathValue("name"))
	if err != nil {
		refuseWith(w, err)
		return
	}
	_ = f.Close() // it was not even read
	info := o.row(o.name)
	info["size"], info["content_type"], info["etag"], info["cache_control"] = o.size, o.contentType, `"`+o.etag+`"`, o.cacheControl
	core.WriteJSON(w, http.StatusOK, info)
}

func (d *Double) deleteObject(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	o, err := d.remove(r.PathValue("bucket") + "/" + r.PathValue("name"))
	switch {
	case err != nil:
		refuse(w, errInternal)
	case o == nil:
		refuse(w, errNoSuchKey)
	default:
		core.WriteJSON(w, http.StatusOK, map[string]string{"message": "Successfully deleted"})
	}
}

// deleteObjects: DELETE /object/{bucket} {"prefixes":[…]} answers with those that were there.
func (d *Double) deleteObjects(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Prefixes []string `json:"prefixes"`
	}
	if !readBody(w, r, &body) {
		return
	}
	if len(body.Prefixes) == 0 {
		refuse(w, badRequest("body must have required property 'prefixes'"))
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	deleted := []any{}
	for _, name := range body.Prefixes {
		o, err := d.remove(r.PathValue("bucket") + "/" + name)
		if err != nil {
			refuse(w, errInternal)
			return
		}
		if o != nil {
			deleted = append(deleted, o.row(o.name))
		}
	}
	core.WriteJSON(w, http.StatusOK, deleted)
}

// listObjects: POST /object/list/{bucket} {prefix, limit, offset} lists one folder; folders in it have a null ID.
func (d *Double) listObjects(w http.ResponseWriter, r *http.Request) {
	body := struct {
		Prefix string `json:"prefix"`
		Limit  int    `json:"limit"`
		Offset int    `json:"offset"`
	}{Limit: 100}
	if !readBody(w, r, &body) {
		return
	}
	folder := r.PathValue("bucket") + "/"
	if body.Prefix != "" {
		folder += strings.TrimSuffix(body.Prefix, "/") + "/"
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	rows := map[string]map[string]any{}
	for key, o := range d.objects {
		rest, inside := strings.CutPrefix(key, folder)
		if !inside {
			continue
		}
		if child, _, nested := strings.Cut(rest, "/"); nested {
			rows[child] = map[string]any{"name": child, "id": nil, "metadata": nil, "created_at": nil, "updated_at": nil}
		} else {
			rows[rest] = o.row(rest)
		}
	}
	names := make([]string, 0, len(rows))
	for name := range rows {
		names = append(names, name)
	}
	slices.Sort(names)
	names = names[min(max(body.Offset, 0), len(names)):]
	listed := []any{}
	for _, name := range names[:min(max(body.Limit, 0), len(names))] {
		listed = append(listed, rows[name])
	}
	core.WriteJSON(w, http.StatusOK, listed)
}

func (d *Double) listBuckets(w http.ResponseWriter, _ *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := []*bucket{}
	for _, b := range d.buckets {
		all = append(all, b)
	}
	core.WriteJSON(w, http.StatusOK, all)
}

func (d *Double) getBucket(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if b := d.buckets[r.PathValue("bucket")]; b != nil {
		core.WriteJSON(w, http.StatusOK, b)
		return
	}
	refuse(w, errNoSuchBucket)
}

func (d *Double) createBucket(w http.ResponseWriter, r *http.Request) {
	var b bucket
	if !readBody(w, r, &b) {
		return
	}
	if b.ID == "" {
		b.ID = b.Name
	}
	b.CreatedAt, b.UpdatedAt = d.env.Clock.Now(), d.env.Clock.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.buckets[b.ID] != nil {
		refuse(w, errDuplicate)
		return
	}
	d.buckets[b.ID] = &b
	core.WriteJSON(w, http.StatusOK, map[string]string{"name": b.ID})
}

// readBody decodes a JSON body, and answers with Storage's refusal when it cannot.
func readBody(w http.ResponseWriter, r *http.Request, v any) bool {
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(v)
	if err != nil {
		refuse(w, badRequest("Body is not valid JSON but content-type is set to 'application/json'"))
	}
	return err == nil
}
