package supabase

import (
	"errors"
	"net/http"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

var errAlg = errors.New("alg must be ES256, RS256 or HS256")

// storageError is Storage's error body. Whatever its status says, it is sent as HTTP 400 (500 for a 500).
type storageError struct {
	Status  string `json:"statusCode"`
	Code    string `json:"code"`
	Err     string `json:"error"`
	Message string `json:"message"`
}

var (
	errNoSuchKey    = storageError{"404", "NoSuchKey", "not_found", "Object not found"}
	errNoSuchBucket = storageError{"404", "NoSuchBucket", "Bucket not found", "Bucket not found"}
	errDuplicate    = storageError{"409", "KeyAlreadyExists", "Duplicate", "The resource already exists"}
	errTooLarge     = storageError{"413", "EntityTooLarge", "Payload too large", "The object exceeded the maximum allowed size"}
	errSignature    = storageError{"400", "InvalidSignature", "InvalidSignature", "Invalid signature"}
	errInternal     = storageError{"500", "InternalError", "Internal", "Internal Server Error"}
)

// Error makes a storageError an error that functions can return.
func (e storageError) Error() string { return e.Message }

func badRequest(message string) storageError {
	return storageError{"400", "InvalidRequest", "Error", message}
}

func refuse(w http.ResponseWriter, e storageError) {
	status := http.StatusBadRequest
	if e.Status == "500" {
		status = http.StatusInternalServerError
	}
	core.WriteJSON(w, status, e)
}

// refuseWith sends an error as Storage sends it; an error that is none of its own is an internal one.
func refuseWith(w http.ResponseWriter, err error) {
	if e, ok := errors.AsType[storageError](err); ok {
		refuse(w, e)
		return
	}
	refuse(w, errInternal)
}
