package hubspot

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// associationsOf lists what a record is joined to, by plural, as a read with ?associations= shows it.
func (d *Double) associationsOf(r *record, asked []string) map[string]any {
	shown := map[string]any{}
	for _, name := range asked {
		to, known := findKind(name)
		if !known {
			continue
		}
		results := []any{}
		for _, l := range d.linked(r.end(), to.name) {
			results = append(results, map[string]string{"id": l.to.id, "type": r.kind.singular + "_to_" + to.singular})
		}
		if len(results) > 0 {
			shown[to.name] = map[string]any{"results": results}
		}
	}
	return shown
}

// withTarget runs do with the record of the path and the kind it is joined to, under the lock.
func (d *Double) withTarget(w http.ResponseWriter, r *http.Request, do func(from *record, to kind)) {
	d.withRecord(w, r, func(from *record) {
		to, known := findKind(r.PathValue("to"))
		if _, joins := defaults()[pair{from.kind.name, to.name}]; !known || !joins {
			refuse(w, *invalid("Unable to infer object type from: %s", r.PathValue("to")))
			return
		}
		do(from, to)
	})
}

// withEnds is withTarget with the other record of the path, too.
func (d *Double) withEnds(w http.ResponseWriter, r *http.Request, do func(from, to *record)) {
	d.withTarget(w, r, func(from *record, toKind kind) {
		to, found := d.find(toKind, r.PathValue("toID"), "")
		if !found {
			refuseMissing(w)
			return
		}
		do(from, to)
	})
}

// listAssociations: GET …/{type}/{id}/associations/{to}.
func (d *Double) listAssociations(w http.ResponseWriter, r *http.Request) {
	d.withTarget(w, r, func(from *record, to kind) {
		core.WriteJSON(w, http.StatusOK, map[string]any{"results": d.labelled(r, from, to)})
	})
}

// labelled are the associations of a record as the association routes show them: the other ID is a number up to v4 and
// a string since the date versions.
func (d *Double) labelled(r *http.Request, from *record, to kind) []any {
	results := []any{}
	for _, l := range d.linked(from.end(), to.name) {
		types := []any{}
		for _, id := range l.types {
			types = append(types, map[string]any{"category": "HUBSPOT_DEFINED", "typeId": id, "label": nil})
		}
		var other any = l.to.id
		if n, err := strconv.Atoi(l.to.id); err == nil && strings.HasPrefix(r.URL.Path, "/crm/v4/") {
			other = n
		}
		results = append(results, map[string]any{"toObjectId": other, "associationTypes": types})
	}
	return results
}

// associateDefault: PUT …/associations/default/{to}/{toID}. Repeating it changes nothing.
func (d *Double) associateDefault(w http.ResponseWriter, r *http.Request) {
	d.withEnds(w, r, func(from, to *record) {
		way, back := defaults()[pair{from.kind.name, to.kind.name}], defaults()[pair{to.kind.name, from.kind.name}]
		d.connect(from.end(), to.end(), way)
		result := func(a, b *record, id int) map[string]any {
			return map[string]any{
				"from": map[string]string{"id": a.id}, "to": map[string]string{"id": b.id},
				"associationSpec": associationType{Category: "HUBSPOT_DEFINED", TypeID: id},
			}
		}
		d.batch(w, []any{result(from, to, way), result(to, from, back)}, nil)
	})
}

// associate: PUT …/associations/{to}/{toID} with the types in the body.
func (d *Double) associate(w http.ResponseWriter, r *http.Request) {
	var types []associationType
	if !readJSON(w, r, &types) {
		return
	}
	d.withEnds(w, r, func(from, to *record) {
		for _, t := range types {
			if target, known := targetOf(from.kind, t); !known || target.name != to.kind.name {
				refuse(w, *invalid("Invalid association type: %s %d", t.Category, t.TypeID))
				return
			}
		}
		for _, t := range types {
			d.connect(from.end(), to.end(), t.TypeID)
		}
		core.WriteJSON(w, http.StatusCreated, map[string]any{
			"fromObjectTypeId": from.kind.id, "fromObjectId": from.id, "toObjectTypeId": to.kind.id, "toObjectId": to.id, "labels": []string{},
		})
	})
}

func (d *Double) dissociate(w http.ResponseWriter, r *http.Request) {
	d.withEnds(w, r, func(from, to *record) {
		d.unlink(from.end(), to.end())
		w.WriteHeader(http.StatusNoContent)
	})
}

// batchAssociations: POST /crm/associations/{version}/{type}/{to}/batch/read.
func (d *Double) batchAssociations(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Inputs []struct {
			ID string `json:"id"`
		} `json:"inputs"`
	}
	if !readJSON(w, r, &body) {
		return
	}
	d.withKind(w, r, func(k kind) {
		to, known := findKind(r.PathValue("to"))
		if !known {
			refuse(w, *invalid("Unable to infer object type from: %s", r.PathValue("to")))
			return
		}
		results, missing := []any{}, []string{}
		for _, input := range body.Inputs {
			from, found := d.find(k, input.ID, "")
			if !found || len(d.linked(from.end(), to.name)) == 0 {
				missing = append(missing, input.ID)
				continue
			}
			results = append(results, map[string]any{"from": map[string]string{"id": from.id}, "to": d.labelled(r, from, to)})
		}
		d.batch(w, results, slices.Clip(missing))
	})
}
