"""The local endpoint and the road to the upstream: asyncio and aiohttp, no Qt."""
