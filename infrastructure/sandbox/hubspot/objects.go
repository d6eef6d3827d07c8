package hubspot

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// objectBody is the body of a create or an update.
type objectBody struct {
	Properties   map[string]json.RawMessage `json:"properties"`
	Associations []associationBody          `json:"associations"`
}

type associationBody struct {
	To struct {
		ID string `json:"id"`
	} `json:"to"`
	Types []associationType `json:"types"`
}

type associationType struct {
	Category string `json:"associationCategory"`
	TypeID   int    `json:"associationTypeId"`
}

// withKind runs do with the kind of the path, under the lock.
func (d *Double) withKind(w http.ResponseWriter, r *http.Request, do func(kind)) {
	k, known := findKind(r.PathValue("type"))
	if !known {
		refuse(w, *invalid("Unable to infer object type from: %s", r.PathValue("type")))
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	do(k)
}

// withRecord runs do with the record of the path, under the lock.
func (d *Double) withRecord(w http.ResponseWriter, r *http.Request, do func(*record)) {
	d.withKind(w, r, func(k kind) {
		found, ok := d.find(k, r.PathValue("id"), r.URL.Query().Get("idProperty"))
		if !ok {
			refuseMissing(w)
			return
		}
		do(found)
	})
}

// createObject: POST /crm/objects/{version}/{type}. There is no idempotency key: every call creates.
func (d *Double) createObject(w http.ResponseWriter, r *http.Request) {
	var body objectBody
	if !readJSON(w, r, &body) {
		return
	}
	d.withKind(w, r, func(k kind) {
		properties, bad := d.checkProperties(k, body.Properties)
		if bad == nil {
			bad = d.checkRequired(k, properties)
		}
		if bad == nil {
			bad = d.checkEmail(k, properties, nil)
		}
		var links []plannedLink
		if bad == nil {
			links, bad = d.planLinks(k, body.Associations)
		}
		if bad != nil {
			refuse(w, *bad)
			return
		}
		created := d.add(k, "", properties)
		for _, l := range links {
			d.connect(created.end(), l.to, l.typeID)
		}
		core.WriteJSON(w, http.StatusCreated, created.whole())
	})
}

func (d *Double) getObject(w http.ResponseWriter, r *http.Request) {
	d.withRecord(w, r, func(found *record) {
		body := found.json(commaList(r, "properties"))
		if asked := commaList(r, "associations"); len(asked) > 0 {
			body["associations"] = d.associationsOf(found, asked)
		}
		core.WriteJSON(w, http.StatusOK, body)
	})
}

func (d *Double) updateObject(w http.ResponseWriter, r *http.Request) {
	var body objectBody
	if !readJSON(w, r, &body) {
		return
	}
	d.withRecord(w, r, func(found *record) {
		properties, bad := d.checkProperties(found.kind, body.Properties)
		if bad == nil {
			bad = d.checkEmail(found.kind, properties, found)
		}
		if bad != nil {
			refuse(w, *bad)
			return
		}
		found.set(properties, d.now())
		core.WriteJSON(w, http.StatusOK, found.whole())
	})
}

func (d *Double) archiveObject(w http.ResponseWriter, r *http.Request) {
	d.withRecord(w, r, func(found *record) {
		d.remove(found)
		w.WriteHeader(http.StatusNoContent)
	})
}

func (d *Double) listObjects(w http.ResponseWriter, r *http.Request) {
	d.withKind(w, r, func(k kind) {
		page, paging := pageOf(d.objects[k.name], r.URL.Query().Get("after"), atoi(r.URL.Query().Get("limit"), 10, 100))
		body := map[string]any{"results": jsonAll(page, commaList(r, "properties"))}
		if paging != nil {
			body["paging"] = paging
		}
		core.WriteJSON(w, http.StatusOK, body)
	})
}

// batchRead: POST …/batch/read. What is not found makes it a 207 with errors.
func (d *Double) batchRead(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Inputs []struct {
			ID string `json:"id"`
		} `json:"inputs"`
		Properties []string `json:"properties"`
		IDProperty string   `json:"idProperty"`
	}
	if !readJSON(w, r, &body) {
		return
	}
	d.withKind(w, r, func(k kind) {
		if len(body.Inputs) > 100 {
			refuse(w, *invalid("The maximum number of inputs supported in a batch request for property histories or reads is 100"))
			return
		}
		results, missing := []any{}, []string{}
		for _, input := range body.Inputs {
			if found, ok := d.find(k, input.ID, body.IDProperty); ok {
				results = append(results, found.json(body.Properties))
			} else {
				missing = append(missing, input.ID)
			}
		}
		d.batch(w, results, missing)
	})
}

// batch answers a batch call.
func (d *Double) batch(w http.ResponseWriter, results []any, missing []string) {
	at := d.now().Format(isoMillis)
	body := map[string]any{"status": "COMPLETE", "results": results, "startedAt": at, "completedAt": at}
	status := http.StatusOK
	if len(missing) > 0 {
		status = http.StatusMultiStatus
		body["numErrors"] = 1
		body["errors"] = []any{map[string]any{
			"status": "error", "category": "OBJECT_NOT_FOUND", "message": "Could not get some objects, they may be deleted or not exist.",
			"context": map[string][]string{"ids": missing}, "errors": []any{}, "links": map[string]string{},
		}}
	}
	core.WriteJSON(w, status, body)
}

// pageOf cuts a page out of records; the cursor is the offset, as the vendor's searches have it.
func pageOf(all []*record, after string, limit int) ([]*record, map[string]any) {
	from := min(max(0, atoi(after, 0, len(all))), len(all))
	to := min(from+limit, len(all))
	if to == len(all) {
		return all[from:to], nil
	}
	return all[from:to], map[string]any{"next": map[string]string{"after": strconv.Itoa(to)}}
}

func jsonAll(records []*record, asked []string) []any {
	all := []any{}
	for _, r := range records {
		all = append(all, r.json(asked))
	}
	return all
}

// commaList reads a query parameter that may be repeated and may hold several values.
func commaList(r *http.Request, name string) []string {
	var list []string
	for _, value := range r.URL.Query()[name] {
		list = append(list, strings.Split(value, ",")...)
	}
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

// atoi reads a number, the fallback when there is none, at most the ceiling.
func atoi(text string, fallback, ceiling int) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		n = fallback
	}
	return min(n, ceiling)
}
