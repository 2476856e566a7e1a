package rcclient

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// MaxExtensionsPerCall is the most extension ids one device-list call names.
// The service states no number for this call; 30 is stated for a neighbour and
// the batch maximum of a published SDK's tests.
const MaxExtensionsPerCall = 30

// ExtensionDevicesResult are the devices of one extension, or why they could
// not be read.
type ExtensionDevicesResult struct {
	Extension ID
	Devices   []DeviceResource
	Err       error
}

// ExtensionDevices reads the devices of many extensions, at most
// MaxExtensionsPerCall a call, fewer where the service refuses that many. The
// results are in the order of ids; an extension that fails has its own Err (an
// *APIError of ClassNotFound for one that is gone). The error returned is what
// stopped the reading as a whole; the extensions not read then have it as Err.
//
// GET /restapi/v1.0/account/~/extension/{id,id,…}/device; Light; a read;
// listExtensionDevices.
func (c *Client) ExtensionDevices(ctx context.Context, ids []ID) ([]ExtensionDevicesResult, error) {
	for _, id := range ids {
		if _, err := pathOf(opListExtensionDevices, "", id); err != nil || strings.Contains(string(id), ",") {
			return nil, &ArgumentError{Operation: opListExtensionDevices.id, Reason: fmt.Sprintf("%q is no extension id", id)}
		}
	}
	b := &deviceBatch{c: c, found: map[ID]ExtensionDevicesResult{}}
	err := b.readAll(ctx, ids)
	results := make([]ExtensionDevicesResult, 0, len(ids))
	for _, id := range ids {
		r, ok := b.found[id]
		if !ok {
			r = ExtensionDevicesResult{Extension: id, Err: err}
		}
		results = append(results, r)
	}
	return results, err
}

// deviceBatch reads the devices of many extensions.
type deviceBatch struct {
	c     *Client
	found map[ID]ExtensionDevicesResult
}

// readAll reads in rounds: extensions whose item failed for a passing reason
// come again in the next round, as often as any read is repeated.
func (b *deviceBatch) readAll(ctx context.Context, ids []ID) error {
	t := newTries(opListExtensionDevices, b.c.cfg.readTries)
	for {
		if err := b.round(ctx, ids); err != nil {
			return err
		}
		var again []ID
		for _, id := range ids {
			var api *APIError
			if errors.As(b.found[id].Err, &api) && api.Retryable() && !slices.Contains(again, id) {
				again = append(again, id)
			}
		}
		wait, ok := t.again()
		if len(again) == 0 || !ok {
			return nil
		}
		if err := sleep(ctx, b.c.cfg.scale.Wall(wait)); err != nil {
			return notSent(ctx, opListExtensionDevices, err)
		}
		ids = again
	}
}

// round reads every extension once.
func (b *deviceBatch) round(ctx context.Context, ids []ID) error {
	left := unique(ids)
	for len(left) > 0 {
		size := min(len(left), b.size())
		err := b.call(ctx, left[:size])
		if tooLarge(err) && size > 1 {
			b.c.batch.Store(int32(max(1, size/2))) //nolint:gosec // at most 30
			continue
		}
		if err != nil {
			return err
		}
		left = left[size:]
	}
	return nil
}

// size is how many extensions the next call names. While it is not known what
// such a call counts as, or if each of its ids counts, it takes no more than the
// window has left, so that it need not wait for the next one. Before an answer
// has named the group's limit it names two, the least that tells.
func (b *deviceBatch) size() int {
	most := int(b.c.batch.Load())
	if b.c.batchCost.of(2) == 1 {
		return most
	}
	g := b.c.gateOf(opListExtensionDevices)
	if !g.known() {
		return min(most, 2)
	}
	return min(most, max(g.room(), 2))
}

func tooLarge(err error) bool {
	var api *APIError
	return errors.As(err, &api) && api.Class == ClassBatchTooLarge
}

func unique(ids []ID) []ID {
	seen := make(map[ID]bool, len(ids))
	var all []ID
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			all = append(all, id)
		}
	}
	return all
}

// call reads the first pages of up to a call's number of extensions, and the
// further pages of each that has them.
func (b *deviceBatch) call(ctx context.Context, ids []ID) error {
	r := devicesRequest(ids)
	r.query, r.ids = pageQuery(nil, 1), len(ids)
	if len(ids) > 1 {
		r.accept = acceptMulti
	}
	a, err := b.c.do(ctx, r)
	if err != nil {
		if len(ids) == 1 && itsOwn(err) {
			b.found[ids[0]] = ExtensionDevicesResult{Extension: ids[0], Err: err}
			return nil
		}
		return err
	}
	if len(ids) == 1 && a.status != http.StatusMultiStatus {
		return b.take(ctx, ids[0], a, itemStatus{status: a.status, body: a.body})
	}
	if a.status != http.StatusMultiStatus && !bytes.HasPrefix(bytes.TrimLeft(a.body, " \r\n\t"), []byte("[")) {
		return a.odd(fmt.Errorf("one answer for %d extensions", len(ids)))
	}
	items, err := parseMultiStatus(a.header.Get("Content-Type"), a.body, ids)
	if err != nil {
		return a.odd(err)
	}
	for _, id := range ids {
		item, ok := items[id]
		if !ok {
			b.found[id] = ExtensionDevicesResult{Extension: id, Err: a.odd(errors.New("the answer leaves out extension " + string(id)))}
			continue
		}
		if err := b.take(ctx, id, a, item); err != nil {
			return err
		}
	}
	return nil
}

// itsOwn tells whether an error is about the extension of a call that named one.
func itsOwn(err error) bool {
	var api *APIError
	return errors.As(err, &api) && (api.Class == ClassNotFound || api.Class == ClassRowError)
}

// take turns an item into the extension's result.
func (b *deviceBatch) take(ctx context.Context, id ID, a *answer, item itemStatus) error {
	result := ExtensionDevicesResult{Extension: id}
	defer func() { b.found[id] = result }()
	if !isSuccess(item.status) {
		result.Err = classify(opListExtensionDevices, item.status, http.Header{requestIDHeaderKey: {a.meta.RequestID}}, item.body, a.meta.Group, time.Now())
		return nil
	}
	var p page[DeviceResource]
	if err := json.Unmarshal(item.body, &p); err != nil {
		result.Err = a.odd(err)
		return nil
	}
	if p.Records == nil {
		result.Err = a.odd(errors.New("no records for extension " + string(id)))
		return nil
	}
	result.Devices = *p.Records
	if !p.more(1) {
		return nil
	}
	rest, err := readPagesFrom[DeviceResource](ctx, b.c, devicesRequest([]ID{id}), 2)
	if err != nil {
		result = ExtensionDevicesResult{Extension: id, Err: err}
		if itsOwn(err) {
			return nil
		}
		return err
	}
	result.Devices = append(result.Devices, rest...)
	return nil
}

func devicesRequest(ids []ID) request {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = url.PathEscape(string(id))
	}
	return request{op: opListExtensionDevices, path: accountV1 + "/extension/" + strings.Join(names, ",") + "/device"}
}
