package recall

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// mediaPath is where media is served, apart from the API and without its key.
const mediaPath = "/media/"

// signedTime is the format of X-Amz-Date.
const signedTime = "20060102T150405Z"

// mediaLink makes a link to one file of an artefact: good for a while and different on each read, in the manner of a
// pre-signed S3 URL. Call with d.mu held.
func (d *Double) mediaLink(r *http.Request, a *artefact, file string) string {
	path := mediaPath + a.id + "/" + file
	q := url.Values{
		"X-Amz-Algorithm":      {"AWS4-HMAC-SHA256"},
		"X-Amz-Date":           {d.now().Format(signedTime)},
		"X-Amz-Expires":        {strconv.Itoa(d.settings.MediaLinkSeconds)},
		"X-Amz-Security-Token": {newID()},
		"X-Amz-SignedHeaders":  {"host"},
	}
	q.Set("X-Amz-Signature", d.linkSignature(path, q))
	return d.env.URL(r, d.Name(), path) + "?" + q.Encode()
}

// linkSignature is over the method (GET), the path and the query without the signature itself.
func (d *Double) linkSignature(path string, q url.Values) string {
	signed := url.Values{}
	for name, values := range q {
		if name != "X-Amz-Signature" {
			signed[name] = values
		}
	}
	mac := hmac.New(sha256.New, []byte(d.mediaKey))
	mac.Write([]byte("GET\n" + path + "\n" + signed.Encode()))
	return hex.EncodeToString(mac.Sum(nil))
}

// serveMedia answers a link as S3 does: XML errors, byte ranges, and no second credential beside the signature.
func (d *Double) serveMedia(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "" {
		storageError(w, http.StatusBadRequest, "InvalidArgument", "Only one auth mechanism allowed")
		return
	}
	q := r.URL.Query()
	signedAt, err := time.Parse(signedTime, q.Get("X-Amz-Date"))
	seconds, err2 := strconv.Atoi(q.Get("X-Amz-Expires"))
	d.mu.Lock()
	good := err == nil && err2 == nil && r.Method == http.MethodGet &&
		hmac.Equal([]byte(q.Get("X-Amz-Signature")), []byte(d.linkSignature(r.URL.Path, q)))
	id, file, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, mediaPath), "/")
	a := d.artefacts[id]
	there := a != nil && a.status.code == done
	d.mu.Unlock()
	switch {
	case !good:
		storageError(w, http.StatusForbidden, "SignatureDoesNotMatch",
			"The request signature we calculated does not match the signature you provided.")
	case d.now().After(signedAt.Add(time.Duration(seconds) * time.Second)):
		storageError(w, http.StatusForbidden, "AccessDenied", "Request has expired")
	case !there:
		storageError(w, http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
	default:
		d.download(w, r, a, file)
	}
}

func storageError(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		"<Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>"))
}
