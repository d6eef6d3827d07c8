// Package batchcallshttp serves batch calls over HTTP: the four routes of the service that Tertulia replaces, with its
// envelopes, its Spanish messages and its order of complaints (files original_*.go).
package batchcallshttp
