package rcclient

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
)

// multiJSON is the media type of the JSON form of a multi-status answer.
const multiJSON = "application/vnd.ringcentral.multipart+json"

// acceptMulti asks for the JSON form, and takes the multipart one, which is what
// a service that does not know the JSON form of this call sends.
const acceptMulti = multiJSON + ", application/json;q=0.9, multipart/mixed;q=0.8"

// itemStatus is one item of a multi-status answer (207): the answer for one id
// of a call that named several. A failed item may have no body.
type itemStatus struct {
	status int
	body   []byte
}

// errMulti says that a multi-status answer can't be read.
var errMulti = errors.New("the multi-status answer can't be read")

// parseMultiStatus takes a multi-status answer apart, in both its forms, by the
// ids that the call named. An id without an item is missing in the result.
func parseMultiStatus(contentType string, body []byte, ids []ID) (map[ID]itemStatus, error) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, fmt.Errorf("%w: content type %.60q", errMulti, contentType)
	}
	if strings.HasPrefix(kind, "multipart/") {
		return parseMultipart(params["boundary"], body, ids)
	}
	return parseMultiJSON(body, ids)
}

// parseMultiJSON reads the JSON form: a list of {resourceId, status, body}.
func parseMultiJSON(body []byte, ids []ID) (map[ID]itemStatus, error) {
	var list []struct {
		ResourceID ID              `json:"resourceId"`
		Status     int             `json:"status"`
		Body       json.RawMessage `json:"body"`
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, fmt.Errorf("%w: %w", errMulti, err)
	}
	names := make([]ID, len(list))
	items := make([]itemStatus, len(list))
	for i, item := range list {
		names[i] = item.ResourceID
		items[i] = itemStatus{status: item.Status, body: item.Body}
	}
	return assign(names, items, ids)
}

// parseMultipart reads the multipart form: a first part that lists href and
// status of each item, then the items' bodies in the same order, where those
// of failed items may be left out.
func parseMultipart(boundary string, body []byte, ids []ID) (map[ID]itemStatus, error) {
	parts, err := readParts(boundary, body, len(ids)+1)
	if err != nil {
		return nil, err
	}
	var index struct {
		Response []struct {
			Href   string `json:"href"`
			Status int    `json:"status"`
		} `json:"response"`
	}
	if err := json.Unmarshal(parts[0], &index); err != nil {
		return nil, fmt.Errorf("%w: first part: %w", errMulti, err)
	}
	names := make([]ID, len(index.Response))
	items := make([]itemStatus, len(index.Response))
	good := 0
	for i, r := range index.Response {
		names[i] = extensionOf(r.Href)
		items[i].status = r.Status
		if isSuccess(r.Status) {
			good++
		}
	}
	bodies := parts[1:]
	switch len(bodies) {
	case len(items):
		for i := range items {
			items[i].body = bodies[i]
		}
	case good:
		for i := range items {
			if isSuccess(items[i].status) {
				items[i].body, bodies = bodies[0], bodies[1:]
			}
		}
	default:
		return nil, fmt.Errorf("%w: %d bodies for %d items", errMulti, len(bodies), len(items))
	}
	return assign(names, items, ids)
}

// readParts reads all parts, at least one and at most limit. The closing
// boundary must be there: without it, parts may be missing.
func readParts(boundary string, body []byte, limit int) ([][]byte, error) {
	if boundary == "" {
		return nil, fmt.Errorf("%w: no boundary", errMulti)
	}
	r := multipart.NewReader(bytes.NewReader(body), boundary)
	var parts [][]byte
	for {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errMulti, err)
		}
		b, err := io.ReadAll(p)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errMulti, err)
		}
		if parts = append(parts, b); len(parts) > limit {
			return nil, fmt.Errorf("%w: more than %d parts", errMulti, limit)
		}
	}
	if len(parts) == 0 {
		return nil, fmt.Errorf("%w: no parts", errMulti)
	}
	return parts, nil
}

// assign ties items to ids: by name where every item has the name of an id, or
// by position where none has; anything between the two is not guessed at.
func assign(names []ID, items []itemStatus, ids []ID) (map[ID]itemStatus, error) {
	asked := make(map[ID]bool, len(ids))
	for _, id := range ids {
		asked[id] = true
	}
	named := 0
	for _, name := range names {
		if asked[name] {
			named++
		}
	}
	if named == 0 && len(items) == len(ids) {
		names = ids
	} else if named < len(names) {
		return nil, fmt.Errorf("%w: %d of %d items name an id of the call", errMulti, named, len(names))
	}
	found := make(map[ID]itemStatus, len(items))
	for i, name := range names {
		if _, twice := found[name]; twice {
			return nil, fmt.Errorf("%w: two items for id %s", errMulti, name)
		}
		found[name] = items[i]
	}
	return found, nil
}

// extensionOf takes the extension's id out of a link to one of its resources;
// it is empty if the link names none.
func extensionOf(href string) ID {
	u, err := url.Parse(href)
	if err != nil {
		return ""
	}
	_, rest, ok := strings.Cut(u.Path, "/extension/")
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	return ID(id)
}

func isSuccess(status int) bool { return status >= 200 && status < 300 }
