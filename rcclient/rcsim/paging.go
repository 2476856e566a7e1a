package rcsim

import (
	"net/url"
	"strconv"
)

// Paging limits (API reference, Page and PerPage parameters).
const (
	defaultPerPage = 100
	maxPerPage     = 1000 // larger values are clamped
	maxPage        = 1000
)

// paging says which part of a list an answer holds.
type paging struct {
	Page          int `json:"page"`
	PerPage       int `json:"perPage"`
	PageStart     int `json:"pageStart"`
	PageEnd       int `json:"pageEnd"`
	TotalPages    int `json:"totalPages"`
	TotalElements int `json:"totalElements"`
}

// navigation links to the other pages, absolutely.
type navigation struct {
	FirstPage    *pageLink `json:"firstPage,omitempty"`
	NextPage     *pageLink `json:"nextPage,omitempty"`
	PreviousPage *pageLink `json:"previousPage,omitempty"`
	LastPage     *pageLink `json:"lastPage,omitempty"`
}

type pageLink struct {
	URI string `json:"uri"`
}

// list is a paged answer. Navigation is nil where the operation has none.
type list[T any] struct {
	URI        string      `json:"uri,omitempty"`
	Records    []T         `json:"records"`
	Navigation *navigation `json:"navigation,omitempty"`
	Paging     *paging     `json:"paging,omitempty"`
}

// sampler is a body of which a part stands for the whole in the contract check.
type sampler interface{ sample() any }

// sample keeps the first, the middle and the last record: the records of one
// list are made by one piece of code.
func (l list[T]) sample() any {
	if n := len(l.Records); n > 3 {
		l.Records = []T{l.Records[0], l.Records[n/2], l.Records[n-1]}
	}
	return l
}

// pageOf cuts the page that the query asks for out of all records. show makes a
// record's answer form; it is called for the page's records only.
func pageOf[R, T any](c *call, all []R, perPage int, show func(R) T) list[T] {
	page := min(max(queryInt(c.query, "page", 1), 1), maxPage)
	pages := (len(all) + perPage - 1) / perPage
	start := min((page-1)*perPage, len(all))
	end := min(start+perPage, len(all))
	records := make([]T, 0, end-start)
	for _, row := range all[start:end] {
		records = append(records, show(row))
	}
	return list[T]{Records: records, Paging: &paging{
		Page: page, PerPage: perPage, PageStart: start, PageEnd: max(start, end-1),
		TotalPages: pages, TotalElements: len(all),
	}}
}

// withLinks adds uri and navigation, whose links repeat the call's own query.
func (l list[T]) withLinks(c *call, self string) list[T] {
	link := func(page int) *pageLink {
		query := url.Values{}
		for name, values := range c.query {
			query[name] = values
		}
		query.Set("page", strconv.Itoa(page))
		query.Set("perPage", strconv.Itoa(l.Paging.PerPage))
		return &pageLink{URI: self + "?" + query.Encode()}
	}
	l.URI = self
	if encoded := c.query.Encode(); encoded != "" {
		l.URI += "?" + encoded
	}
	last := max(l.Paging.TotalPages, 1)
	l.Navigation = &navigation{FirstPage: link(1), LastPage: link(last)}
	if l.Paging.Page < last {
		l.Navigation.NextPage = link(l.Paging.Page + 1)
	}
	if l.Paging.Page > 1 {
		l.Navigation.PreviousPage = link(l.Paging.Page - 1)
	}
	return l
}

// perPage is the page size that the query asks for.
func perPage(query url.Values) int {
	return min(max(queryInt(query, "perPage", defaultPerPage), 1), maxPerPage)
}

func queryInt(query url.Values, name string, otherwise int) int {
	n, err := strconv.Atoi(query.Get(name))
	if err != nil {
		return otherwise
	}
	return n
}

// wants tells whether a filter lets a value pass; no values let all pass.
func wants(filter []string, value string) bool {
	for _, one := range filter {
		if one == value {
			return true
		}
	}
	return len(filter) == 0
}
