package executor

import (
	"context"

	"provision/plan"
	"provision/rcclient"
)

func (r *run) buildAdd(nodes []*node) call {
	records := make([]rcclient.BulkAddRecord, len(nodes))
	for i, n := range nodes {
		records[i] = r.addRecord(n)
	}
	return call{op: "bulkAddDevicesV2", request: records, do: func(ctx context.Context, api API) ([]answer, rcclient.Meta, error) {
		results, meta, err := api.BulkAdd(ctx, records)
		if err != nil {
			return nil, meta, err
		}
		answers := make([]answer, len(results))
		for i, res := range results {
			if !res.Successful {
				answers[i] = refusal(res.Errors)
				continue
			}
			answers[i] = answer{device: plan.DeviceID(res.ID), number: res.PhoneNumber}
		}
		return answers, meta, matches(nodes, results, meta)
	}}
}

// matches checks that each result can be that of its record: the position is
// all that ties a refused item to its record, so one that does not fit puts
// the whole call in doubt.
func matches(nodes []*node, results []rcclient.BulkAddResult, meta rcclient.Meta) error {
	ok := len(nodes) == len(results)
	for i := 0; ok && i < len(results); i++ {
		res, c := results[i], nodes[i].c
		if !res.Successful {
			continue
		}
		number := c.Add().Number.Number
		ok = res.ID != "" && plan.ExtensionID(res.Extension.ID) == c.ExtensionID() &&
			(number == "" || number == res.PhoneNumber)
	}
	if ok {
		return nil
	}
	return mismatched("bulkAddDevicesV2", meta)
}

func (r *run) addRecord(n *node) rcclient.BulkAddRecord {
	a := n.c.Add()
	rec := rcclient.BulkAddRecord{
		Extension: rcclient.IDRef{ID: rcclient.ID(n.c.ExtensionID())},
		Type:      a.DeviceType, CostCenterID: rcclient.ID(a.CostCenter),
	}
	switch num := a.Number; {
	case num.NumberID != "":
		rec.PhoneInfo.PhoneNumberID = rcclient.ID(num.NumberID)
	case num.Number != "":
		rec.PhoneInfo.PhoneNumber = num.Number
	case num.AreaCode != "":
		rec.PhoneInfo.PreferredAreaCode, rec.PhoneInfo.TollType = num.AreaCode, num.TollType
	default:
		rec.PhoneInfo.TollType = num.TollType
	}
	if t := a.Emergency.Location; t != nil {
		id, _ := r.resolveLocation(*t)
		rec.Emergency.Location = &rcclient.IDRef{ID: rcclient.ID(id)}
	} else if t := a.Emergency.Address; t != nil {
		rec.Emergency.Address = &rcclient.PostalAddress{
			Street: t.Street, Street2: t.Street2, City: t.City, State: t.State, Zip: t.Zip, Country: t.Country,
		}
	}
	return rec
}

func (r *run) buildDelete(nodes []*node) call {
	ids := make([]rcclient.ID, len(nodes))
	for i, n := range nodes {
		ids[i] = rcclient.ID(n.device)
	}
	return call{op: "deleteDeviceFromInventory", request: ids, do: func(ctx context.Context, api API) ([]answer, rcclient.Meta, error) {
		results, meta, err := api.DeleteInventory(ctx, ids)
		if err != nil {
			return nil, meta, err
		}
		answers := make([]answer, len(ids))
		for i := range ids {
			if i >= len(results) || results[i].DeviceID != ids[i] {
				return nil, meta, mismatched("deleteDeviceFromInventory", meta)
			}
			answers[i].device = plan.DeviceID(ids[i])
			if !results[i].Successful {
				answers[i] = refusal(results[i].Errors)
			}
		}
		return answers, meta, nil
	}}
}

func buildStock(n *node) call {
	s := n.c.Stock()
	return call{op: "addDeviceToInventory", request: s, do: func(ctx context.Context, api API) ([]answer, rcclient.Meta, error) {
		added, meta, err := api.AddInventory(ctx, s.Quantity, rcclient.ID(s.Site))
		if err != nil {
			return nil, meta, err
		}
		var a answer
		for _, id := range added.Devices {
			a.devices = append(a.devices, plan.DeviceID(id))
		}
		return []answer{a}, meta, nil
	}}
}

func (r *run) buildSwap(n *node) call {
	target, _ := r.resolve(n.c.Swap().Target)
	request := map[string]string{"extension": string(n.c.ExtensionID()), "device": string(n.device), "target": string(target)}
	ext, from, to := rcclient.ID(n.c.ExtensionID()), rcclient.ID(n.device), rcclient.ID(target)
	return call{op: "replaceDevicesJWSPublic", request: request, do: func(ctx context.Context, api API) ([]answer, rcclient.Meta, error) {
		meta, err := api.ReplaceDevice(ctx, ext, from, to)
		return []answer{{device: target}}, meta, err
	}}
}

// buildUpdate uses the call for emergency addresses where only the address
// changes, and the general one otherwise: it alone takes the other fields.
func (r *run) buildUpdate(n *node) call {
	u, _ := r.wishes(n, n.device)
	body := rcclient.DeviceUpdate{Name: u.Name, UseAsCommonPhone: u.CommonPhone}
	if t := u.Emergency; t != nil && t.Location != nil {
		id, _ := r.resolveLocation(*t.Location)
		body.Emergency = &rcclient.EmergencyUpdate{Location: &rcclient.IDRef{ID: rcclient.ID(id)}}
	} else if t != nil && t.Address != nil {
		body.Emergency = &rcclient.EmergencyUpdate{Address: addressRequest(*t.Address)}
	}
	device, onlyEmergency := n.device, u.Name == nil && u.CommonPhone == nil
	op, do := "updateDevice", API.UpdateDevice
	if onlyEmergency {
		op, do = "updateDeviceEmergency", API.UpdateDeviceEmergency
	}
	return call{op: op, request: body, do: func(ctx context.Context, api API) ([]answer, rcclient.Meta, error) {
		dev, meta, err := do(api, ctx, rcclient.ID(device), body)
		a := answer{device: device}
		if err == nil && dev != nil && dev.Emergency != nil {
			a.status = dev.Emergency.AddressStatus
		}
		return []answer{a}, meta, err
	}}
}

// addressRequest is the address as a request gives it. The second street line
// is always sent: an empty one clears what was there.
func addressRequest(a plan.Address) *rcclient.AddressRequest {
	return &rcclient.AddressRequest{
		Street: a.Street, Street2: &a.Street2, City: a.City, State: a.State, Zip: a.Zip,
		Country: a.Country, CustomerName: a.CustomerName,
	}
}

func buildRemove(n *node) call {
	device, keep := rcclient.ID(n.device), n.c.Remove().KeepAssets
	return call{op: "removeLineJWSPublic", request: n.c.Remove(), do: func(ctx context.Context, api API) ([]answer, rcclient.Meta, error) {
		_, meta, err := api.RemoveLine(ctx, device, keep)
		return []answer{{device: plan.DeviceID(device)}}, meta, err
	}}
}

func buildLocation(n *node) call {
	l := n.c.Location()
	request := rcclient.EmergencyLocationRequest{Name: l.Name, Address: addressRequest(l.Address), Visibility: "Public"}
	if l.Address.Street2 == "" {
		request.Address.Street2 = nil // nothing is there to be cleared
	}
	if l.Site != "" {
		request.Site = &rcclient.Ref{ID: rcclient.ID(l.Site)}
	}
	return call{op: "createEmergencyLocation", request: request, do: func(ctx context.Context, api API) ([]answer, rcclient.Meta, error) {
		made, meta, err := api.CreateEmergencyLocation(ctx, request)
		if err != nil {
			return nil, meta, err
		}
		return []answer{{location: plan.LocationID(made.ID), status: made.AddressStatus}}, meta, nil
	}}
}
