package rcclient

import "context"

func readPages[T any](ctx context.Context, c *Client, r request) ([]T, error)   { return nil, errTODO }
func readRecords[T any](ctx context.Context, c *Client, r request) ([]T, error) { return nil, errTODO }
