package recall

import (
	"net/http"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// fail answers {"code","detail"}, the shape of all refusals but those of single fields.
func fail(w http.ResponseWriter, status int, code, detail string) {
	core.WriteJSON(w, status, map[string]string{"code": code, "detail": detail})
}

// invalid answers 400 with a map from field to complaints, as Django REST framework does.
func invalid(w http.ResponseWriter, fields map[string][]string) {
	core.WriteJSON(w, http.StatusBadRequest, fields)
}

func notFound(w http.ResponseWriter) {
	fail(w, http.StatusNotFound, "not_found", "Not found.")
}

func blockRequest(w http.ResponseWriter) {
	fail(w, http.StatusForbidden, "request_blocked", "The request was blocked by our firewall.")
}
