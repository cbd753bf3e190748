<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>Connect</name>
    <message>
        <source>%1 is set: Claude Code asks Amazon Bedrock instead of Dragoman.</source>
        <translation>已设置 %1：Claude Code 会请求 Amazon Bedrock，而不是 Dragoman。</translation>
    </message>
    <message>
        <source>%1 is set: Claude Code asks Google Vertex instead of Dragoman.</source>
        <translation>已设置 %1：Claude Code 会请求 Google Vertex，而不是 Dragoman。</translation>
    </message>
    <message>
        <source>%1 is set: Claude Code sends its output instead of the local token.</source>
        <translation>已设置 %1：Claude Code 会发送它的输出，而不是本地令牌。</translation>
    </message>
    <message>
        <source>&amp;Connect</source>
        <translation>连接(&amp;C)</translation>
    </message>
    <message>
        <source>A terminal</source>
        <translation>终端</translation>
    </message>
    <message>
        <source>Any Anthropic client: base URL %1, key: the local token</source>
        <translation>任何 Anthropic 客户端：基础 URL 为 %1，密钥为本地令牌</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Claude Code</source>
        <translation>Claude Code</translation>
    </message>
    <message>
        <source>Claude Code will use Dragoman from its next start on. These values change in:</source>
        <translation>Claude Code 从下次启动起使用 Dragoman。以下文件中的这些值会更改：</translation>
    </message>
    <message>
        <source>Co&amp;nnect…</source>
        <translation>连接(&amp;N)…</translation>
    </message>
    <message>
        <source>Connect Claude Code</source>
        <translation>连接 Claude Code</translation>
    </message>
    <message>
        <source>Connect a client</source>
        <translation>连接客户端</translation>
    </message>
    <message>
        <source>Connected once; its settings were changed by hand since</source>
        <translation>曾经连接，之后设置被手动更改</translation>
    </message>
    <message>
        <source>Connected: it uses Dragoman until you disconnect it</source>
        <translation>已连接：在断开之前一直使用 Dragoman</translation>
    </message>
    <message>
        <source>Copy &amp;address</source>
        <translation>复制地址(&amp;A)</translation>
    </message>
    <message>
        <source>Copy co&amp;mmand</source>
        <translation>复制命令(&amp;M)</translation>
    </message>
    <message>
        <source>Copy set&amp;up</source>
        <translation>复制配置(&amp;U)</translation>
    </message>
    <message>
        <source>D&amp;isconnect</source>
        <translation>断开(&amp;I)</translation>
    </message>
    <message>
        <source>Disconnect Claude Code</source>
        <translation>断开 Claude Code</translation>
    </message>
    <message>
        <source>Everything is set already; nothing in this file will be changed:</source>
        <translation>已全部设置好，此文件不会有任何更改：</translation>
    </message>
    <message>
        <source>Its settings could not be read</source>
        <translation>无法读取它的设置</translation>
    </message>
    <message>
        <source>Lines to paste into a shell or its profile</source>
        <translation>粘贴到 shell 或其配置文件中的几行</translation>
    </message>
    <message>
        <source>Not connected: it does not use Dragoman</source>
        <translation>未连接：它不使用 Dragoman</translation>
    </message>
    <message>
        <source>Nothing else in the file is touched, and Disconnect puts these values back. The token is the local one: it opens Dragoman on this computer only, and the file can be read by your user alone. Keys of providers stay in the keyring.</source>
        <translation>文件中的其他内容不会改动，断开时会恢复这些值。令牌是本地令牌：只能打开本机的 Dragoman，且该文件只有你的用户可读。服务商的密钥仍保存在密钥环中。</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>One provider</source>
        <translation>单个服务商</translation>
    </message>
    <message>
        <source>Only %1, in one terminal: a command to paste</source>
        <translation>只用 %1，仅限一个终端：粘贴一条命令</translation>
    </message>
    <message>
        <source>Other clients</source>
        <translation>其他客户端</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>设置项</translation>
    </message>
    <message>
        <source>Shell</source>
        <translation>Shell</translation>
    </message>
    <message>
        <source>Then</source>
        <translation>之后</translation>
    </message>
</context>
<context>
    <name>Diagnostics</name>
    <message>
        <source>Not saved: %1</source>
        <translation>未保存：%1</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Save diagnostics</source>
        <translation>保存诊断信息</translation>
    </message>
    <message>
        <source>Saved as %1</source>
        <translation>已保存为 %1</translation>
    </message>
    <message>
        <source>This is everything that will be saved. Keys and the token are not in it, and neither are prompts or answers; error messages are in the providers&apos; own words. Nothing is sent anywhere.</source>
        <translation>以下是将要保存的全部内容。其中不含密钥和令牌，也不含提示词和应答；错误消息是服务商的原话。不会发送到任何地方。</translation>
    </message>
    <message>
        <source>Zip files (*.zip)</source>
        <translation>Zip 文件 (*.zip)</translation>
    </message>
</context>
<context>
    <name>Editor</name>
    <message>
        <source>%1 models to choose from</source>
        <translation>共 %1 个模型可选</translation>
    </message>
    <message>
        <source>&amp;Base URL</source>
        <translation>基础 URL(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Connect by</source>
        <translation>连接方式(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Default</source>
        <translation>默认(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Key</source>
        <translation>密钥(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>名称(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Preset</source>
        <translation>预设(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Test</source>
        <translation>测试(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Use it from now on</source>
        <translation>从现在起使用(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Variable or command</source>
        <translation>变量或命令(&amp;V)</translation>
    </message>
    <message>
        <source>Add a provider</source>
        <translation>添加服务商</translation>
    </message>
    <message>
        <source>Ask again after 429 or 5xx</source>
        <translation>遇到 429 或 5xx 时重试</translation>
    </message>
    <message>
        <source>Asking the provider…</source>
        <translation>正在询问服务商…</translation>
    </message>
    <message>
        <source>Between two pieces</source>
        <translation>两段数据之间</translation>
    </message>
    <message>
        <source>Cancel &amp;test</source>
        <translation>取消测试(&amp;T)</translation>
    </message>
    <message>
        <source>Capability overrides</source>
        <translation>能力覆盖</translation>
    </message>
    <message>
        <source>Choose a colour for the lists</source>
        <translation>选择列表中的颜色</translation>
    </message>
    <message>
        <source>Claude Code adds [1m] to a name to ask for a context of a million tokens. The ending is taken off before names are compared, so leave it out here; whether so much fits is up to the model.</source>
        <translation>Claude Code 会在名称后加上 [1m]，以请求一百万 token 的上下文。比较名称之前会去掉该后缀，因此这里无需填写；能否容纳取决于模型。</translation>
    </message>
    <message>
        <source>Colour %1</source>
        <translation>颜色 %1</translation>
    </message>
    <message>
        <source>Comes &amp;from</source>
        <translation>来源(&amp;F)</translation>
    </message>
    <message>
        <source>Connect again</source>
        <translation>重新连接</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Direct</source>
        <translation>直连</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Edit provider</source>
        <translation>编辑服务商</translation>
    </message>
    <message>
        <source>Environment variable</source>
        <translation>环境变量</translation>
    </message>
    <message>
        <source>Extra headers</source>
        <translation>额外的请求头</translation>
    </message>
    <message>
        <source>Fetch &amp;models</source>
        <translation>获取模型(&amp;M)</translation>
    </message>
    <message>
        <source>Get a key</source>
        <translation>获取密钥</translation>
    </message>
    <message>
        <source>Header</source>
        <translation>请求头</translation>
    </message>
    <message>
        <source>Keep editing</source>
        <translation>继续编辑</translation>
    </message>
    <message>
        <source>Kept for</source>
        <translation>保留时间</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Key, kept in the system&apos;s keyring</source>
        <translation>密钥，保存在系统密钥环中</translation>
    </message>
    <message>
        <source>Model names</source>
        <translation>模型名称</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Never keys: those belong into the field for the key.</source>
        <translation>切勿填写密钥：密钥应填在密钥字段中。</translation>
    </message>
    <message>
        <source>No key needed</source>
        <translation>无需密钥</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Only signs of life</source>
        <translation>仅有保活信号</translation>
    </message>
    <message>
        <source>Or an address: http://127.0.0.1:7890, socks5://127.0.0.1:1080</source>
        <translation>或填写地址：http://127.0.0.1:7890、socks5://127.0.0.1:1080</translation>
    </message>
    <message>
        <source>Output of a command</source>
        <translation>命令的输出</translation>
    </message>
    <message>
        <source>Overrides and notes</source>
        <translation>覆盖与备注</translation>
    </message>
    <message>
        <source>P&amp;rotocol</source>
        <translation>协议(&amp;R)</translation>
    </message>
    <message>
        <source>Paste the key</source>
        <translation>粘贴密钥</translation>
    </message>
    <message>
        <source>Provider</source>
        <translation>服务商</translation>
    </message>
    <message>
        <source>Providers to try next</source>
        <translation>接下来尝试的服务商</translation>
    </message>
    <message>
        <source>Seconds. A refused key is asked for anew before that.</source>
        <translation>单位为秒。如果密钥被拒绝，会提前重新获取。</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Stored. Leave empty to keep it.</source>
        <translation>已保存。留空则保持不变。</translation>
    </message>
    <message>
        <source>System proxy settings</source>
        <translation>系统代理设置</translation>
    </message>
    <message>
        <source>Then try</source>
        <translation>然后尝试</translation>
    </message>
    <message>
        <source>These rows count before the four roles. Exact names come first, then patterns with * and ? from top to bottom, then the role in the name, then the default; what nothing matches is sent as it is.</source>
        <translation>这些行优先于四种角色。先匹配完整名称，再自上而下匹配含 * 和 ? 的模式，然后是名称中的角色，最后是默认模型；都不匹配时原样发送。</translation>
    </message>
    <message>
        <source>Ticked providers, from top to bottom; Alt+Up and Alt+Down move one.</source>
        <translation>已勾选的服务商，自上而下；Alt+↑ 和 Alt+↓ 可移动。</translation>
    </message>
    <message>
        <source>Time limits, in seconds</source>
        <translation>时间限制（秒）</translation>
    </message>
    <message>
        <source>Times, before the first byte of an answer. Claude Code asks again by itself after 429 and 5xx, so none are needed for it.</source>
        <translation>应答首字节之前的重试次数。Claude Code 遇到 429 和 5xx 会自行重试，因此无需为其设置。</translation>
    </message>
    <message>
        <source>To connect</source>
        <translation>建立连接</translation>
    </message>
    <message>
        <source>To the first byte</source>
        <translation>首个字节</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Waits at most</source>
        <translation>最长等待</translation>
    </message>
    <message>
        <source>What this provider accepts is known for most. Where it is not, say it here in TOML, a key a line; the keys are those of capabilities.toml.</source>
        <translation>多数服务商支持哪些功能是已知的。未知时请在此用 TOML 填写，每行一个键；键名与 capabilities.toml 相同。</translation>
    </message>
    <message>
        <source>What you changed has not been saved.</source>
        <translation>您的更改尚未保存。</translation>
    </message>
    <message>
        <source>When a client asks for</source>
        <translation>当客户端请求</translation>
    </message>
    <message>
        <source>When it fails</source>
        <translation>失败时</translation>
    </message>
    <message>
        <source>Which model answers when a client asks for Claude&apos;s. Empty: the default.</source>
        <translation>客户端请求 Claude 的模型时由哪个模型应答。留空则使用默认模型。</translation>
    </message>
</context>
<context>
    <name>Errors</name>
    <message>
        <source>%1 times since %2</source>
        <translation>自 %2 起共 %1 次</translation>
    </message>
    <message>
        <source>Add credit on the provider&apos;s site, or switch to another provider.</source>
        <translation>请在服务商网站充值，或切换到其他服务商。</translation>
    </message>
    <message>
        <source>Answer not understood</source>
        <translation>无法理解应答</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Check that the base URL is the provider&apos;s API and not a web page or a login.</source>
        <translation>请确认基础 URL 是服务商的 API，而不是网页或登录页。</translation>
    </message>
    <message>
        <source>Check the network, a VPN, the profile&apos;s base URL and its network mode.</source>
        <translation>请检查网络、VPN、该配置的基础 URL 和网络模式。</translation>
    </message>
    <message>
        <source>Check what the key may do on the provider&apos;s site, or map to another model.</source>
        <translation>请在服务商网站查看该密钥的权限，或映射到其他模型。</translation>
    </message>
    <message>
        <source>Compare the model names and the base URL with the provider&apos;s documentation.</source>
        <translation>请对照服务商文档核对模型名称和基础 URL。</translation>
    </message>
    <message>
        <source>Dragoman itself could not do its part; the provider was not asked.</source>
        <translation>Dragoman 自身未能完成处理；尚未向服务商发送请求。</translation>
    </message>
    <message>
        <source>If it was your own client, copy the setup from the tray menu again.</source>
        <translation>如果这是您自己的客户端，请从托盘菜单重新复制配置。</translation>
    </message>
    <message>
        <source>Key rejected</source>
        <translation>密钥被拒绝</translation>
    </message>
    <message>
        <source>Model or address not found</source>
        <translation>找不到模型或地址</translation>
    </message>
    <message>
        <source>No answer in time</source>
        <translation>未及时应答</translation>
    </message>
    <message>
        <source>No connection to the provider could be made, or it broke off.</source>
        <translation>无法连接到服务商，或连接中断。</translation>
    </message>
    <message>
        <source>No credit left</source>
        <translation>余额不足</translation>
    </message>
    <message>
        <source>Not allowed</source>
        <translation>没有权限</translation>
    </message>
    <message>
        <source>Nothing to do.</source>
        <translation>无需处理。</translation>
    </message>
    <message>
        <source>Once</source>
        <translation>一次</translation>
    </message>
    <message>
        <source>One of Dragoman&apos;s own locks turned the request away; no provider was asked.</source>
        <translation>Dragoman 的本地防护拒绝了该请求；未向任何服务商发送。</translation>
    </message>
    <message>
        <source>Open Providers, choose Edit, paste a new key and press Test.</source>
        <translation>打开“服务商”，选择“编辑”，粘贴新密钥后点击“测试”。</translation>
    </message>
    <message>
        <source>Provider failed</source>
        <translation>服务商出错</translation>
    </message>
    <message>
        <source>Provider not reachable</source>
        <translation>无法连接服务商</translation>
    </message>
    <message>
        <source>Provider overloaded</source>
        <translation>服务商过载</translation>
    </message>
    <message>
        <source>Read its words below: often the model lacks a feature, or a field is too large.</source>
        <translation>请看下方服务商的原话：通常是模型不支持某项功能，或某个字段过大。</translation>
    </message>
    <message>
        <source>Read the message below; it names what is missing.</source>
        <translation>请看下方消息，其中写明了缺少什么。</translation>
    </message>
    <message>
        <source>Refused at the door</source>
        <translation>请求被挡在门外</translation>
    </message>
    <message>
        <source>Request refused</source>
        <translation>请求被拒绝</translation>
    </message>
    <message>
        <source>Request too large</source>
        <translation>请求过大</translation>
    </message>
    <message>
        <source>Shorten the conversation (in Claude Code: /compact) or leave attachments out.</source>
        <translation>请缩短对话（在 Claude Code 中使用 /compact），或去掉附件。</translation>
    </message>
    <message>
        <source>Something broke at the provider while it answered.</source>
        <translation>服务商在应答过程中发生故障。</translation>
    </message>
    <message>
        <source>The client went away before the answer was complete.</source>
        <translation>客户端在应答完成前断开了连接。</translation>
    </message>
    <message>
        <source>The client will try again by itself. If it goes on, switch to another provider.</source>
        <translation>客户端会自动重试。如果持续出现，请切换到其他服务商。</translation>
    </message>
    <message>
        <source>The conversation or an attachment is larger than the provider accepts.</source>
        <translation>对话或附件超出了服务商允许的大小。</translation>
    </message>
    <message>
        <source>The key is valid, but it may not use this model or this region.</source>
        <translation>密钥有效，但无权使用该模型或该地区。</translation>
    </message>
    <message>
        <source>The provider accepted the request and then went silent.</source>
        <translation>服务商接受了请求，之后再无回应。</translation>
    </message>
    <message>
        <source>The provider answered with something that is not its own protocol.</source>
        <translation>服务商返回的内容不符合其自身协议。</translation>
    </message>
    <message>
        <source>The provider does not accept the key this profile sends.</source>
        <translation>服务商不接受此配置发送的密钥。</translation>
    </message>
    <message>
        <source>The provider does not know this model, or the base URL is not its API.</source>
        <translation>服务商没有该模型，或基础 URL 不是它的 API。</translation>
    </message>
    <message>
        <source>The provider found something in the request that it does not accept.</source>
        <translation>请求中包含服务商不接受的内容。</translation>
    </message>
    <message>
        <source>The provider has more requests than it can answer. Nothing is wrong on your side.</source>
        <translation>服务商收到的请求超出了其处理能力。您这边没有问题。</translation>
    </message>
    <message>
        <source>The provider wants to be paid before it answers again.</source>
        <translation>服务商要求付费后才会继续应答。</translation>
    </message>
    <message>
        <source>The provider&apos;s limit for this key is reached for now.</source>
        <translation>该密钥目前已达到服务商的限额。</translation>
    </message>
    <message>
        <source>Too many requests</source>
        <translation>请求过多</translation>
    </message>
    <message>
        <source>Trouble on this computer</source>
        <translation>本机出现问题</translation>
    </message>
    <message>
        <source>Try again. If it goes on, look at the provider&apos;s status page.</source>
        <translation>请重试。如果持续出现，请查看服务商的状态页。</translation>
    </message>
    <message>
        <source>Try again. If it goes on, try another model or raise the profile&apos;s time limits.</source>
        <translation>请重试。如果持续出现，请换一个模型，或调高该配置的超时时间。</translation>
    </message>
</context>
<context>
    <name>Fields</name>
    <message>
        <source>A day, such as 2026-01-31</source>
        <translation>日期，例如 2026-01-31</translation>
    </message>
    <message>
        <source>A number is needed</source>
        <translation>请输入数字</translation>
    </message>
    <message>
        <source>A quotation mark is not closed</source>
        <translation>引号未闭合</translation>
    </message>
    <message>
        <source>A whole number of tokens</source>
        <translation>整数的 token 数</translation>
    </message>
    <message>
        <source>An amount in dollars, such as 2.50</source>
        <translation>美元金额，例如 2.50</translation>
    </message>
    <message>
        <source>At most 200 visible characters</source>
        <translation>最多 200 个可见字符</translation>
    </message>
    <message>
        <source>Both columns are needed: %1</source>
        <translation>两列都要填写：%1</translation>
    </message>
    <message>
        <source>More than %1 characters</source>
        <translation>超过 %1 个字符</translation>
    </message>
    <message>
        <source>More than %1 rows</source>
        <translation>超过 %1 行</translation>
    </message>
    <message>
        <source>Needed</source>
        <translation>必填</translation>
    </message>
    <message>
        <source>Put your own word in place of the one in &lt; &gt;</source>
        <translation>请将 &lt; &gt; 中的内容替换为您自己的值</translation>
    </message>
    <message>
        <source>Stands there twice: %1</source>
        <translation>出现了两次：%1</translation>
    </message>
    <message>
        <source>This is Dragoman&apos;s own address: requests would come back for ever</source>
        <translation>这是 Dragoman 自己的地址：请求会无休止地绕回来</translation>
    </message>
    <message>
        <source>This is no TOML: %1</source>
        <translation>不是有效的 TOML：%1</translation>
    </message>
    <message>
        <source>This looks like a key; it belongs into the field for the key: %1</source>
        <translation>这看起来像密钥，应填在密钥字段中：%1</translation>
    </message>
</context>
<context>
    <name>Health</name>
    <message>
        <source>Answers since %1</source>
        <translation>自 %1 起正常应答</translation>
    </message>
    <message>
        <source>Failed at %1</source>
        <translation>%1 失败</translation>
    </message>
    <message>
        <source>Failing since %1</source>
        <translation>自 %1 起持续失败</translation>
    </message>
    <message>
        <source>Failing since %1, %2 times in a row</source>
        <translation>自 %1 起持续失败，已连续 %2 次</translation>
    </message>
    <message>
        <source>Neither tested nor used since Dragoman started</source>
        <translation>Dragoman 启动后尚未测试或使用</translation>
    </message>
    <message>
        <source>Not tested yet</source>
        <translation>尚未测试</translation>
    </message>
    <message>
        <source>The test passed, at %1</source>
        <translation>测试通过，时间 %1</translation>
    </message>
    <message>
        <source>Works</source>
        <translation>正常</translation>
    </message>
</context>
<context>
    <name>Import</name>
    <message>
        <source>%1 providers exported to %2. Keys are not in the file.</source>
        <translation>已将 %1 个服务商导出到 %2。文件中不含密钥。</translation>
    </message>
    <message>
        <source>&amp;Import</source>
        <translation>导入(&amp;I)</translation>
    </message>
    <message>
        <source>Added</source>
        <translation>已添加</translation>
    </message>
    <message>
        <source>Added under another name</source>
        <translation>以其他名称添加</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Dragoman, cc-switch, claude-code-router (*.json *.db)</source>
        <translation>Dragoman、cc-switch、claude-code-router (*.json *.db)</translation>
    </message>
    <message>
        <source>Export providers without their keys</source>
        <translation>导出服务商（不含密钥）</translation>
    </message>
    <message>
        <source>Exported providers come without keys; enter them afterwards.</source>
        <translation>导出的服务商不含密钥，请在导入后填写。</translation>
    </message>
    <message>
        <source>From %1. Keys go into the keyring of your system and nowhere else; the file stays as it is.</source>
        <translation>来自 %1。密钥只会存入系统密钥环；文件保持不变。</translation>
    </message>
    <message>
        <source>Import providers</source>
        <translation>导入服务商</translation>
    </message>
    <message>
        <source>In the file</source>
        <translation>文件中包含</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Left out because they may be secret:</source>
        <translation>因可能涉及机密而未包含：</translation>
    </message>
    <message>
        <source>Left out:</source>
        <translation>未包含：</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Providers</source>
        <translation>服务商</translation>
    </message>
    <message>
        <source>Providers in the file</source>
        <translation>文件中的服务商</translation>
    </message>
    <message>
        <source>Replaces yours</source>
        <translation>替换您现有的</translation>
    </message>
    <message>
        <source>Runs a command: %1</source>
        <translation>运行命令：%1</translation>
    </message>
    <message>
        <source>There is nothing to import in this file.</source>
        <translation>此文件中没有可导入的内容。</translation>
    </message>
    <message>
        <source>To be entered</source>
        <translation>待填写</translation>
    </message>
    <message>
        <source>Variable %1</source>
        <translation>变量 %1</translation>
    </message>
    <message>
        <source>What happens</source>
        <translation>处理方式</translation>
    </message>
    <message>
        <source>You have it</source>
        <translation>您已有</translation>
    </message>
    <message>
        <source>Yours stays</source>
        <translation>保留您现有的</translation>
    </message>
</context>
<context>
    <name>Losses</name>
    <message>
        <source>%1 cut to %2</source>
        <translation>%1 已减为 %2</translation>
    </message>
    <message>
        <source>%1 is unknown, taken as stop</source>
        <translation>未知的 %1，按 stop 处理</translation>
    </message>
    <message>
        <source>%1 removed</source>
        <translation>已去掉 %1</translation>
    </message>
    <message>
        <source>%1 sent as %2</source>
        <translation>%1 已改为 %2 发送</translation>
    </message>
    <message>
        <source>%1 takes no reasoning parameters</source>
        <translation>%1 不接受推理参数</translation>
    </message>
    <message>
        <source>Cache markers</source>
        <translation>缓存标记</translation>
    </message>
    <message>
        <source>Clearing of old context</source>
        <translation>旧上下文的清理</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>文档</translation>
    </message>
    <message>
        <source>Effort</source>
        <translation>思考强度</translation>
    </message>
    <message>
        <source>Files of a container</source>
        <translation>容器文件</translation>
    </message>
    <message>
        <source>Form of the answer</source>
        <translation>应答格式</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation>应答最大长度</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>优先级</translation>
    </message>
    <message>
        <source>The answer</source>
        <translation>应答</translation>
    </message>
    <message>
        <source>The beginning of the answer</source>
        <translation>应答的开头</translation>
    </message>
    <message>
        <source>The conversation</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>The system prompt</source>
        <translation>系统提示词</translation>
    </message>
    <message>
        <source>The user&apos;s id</source>
        <translation>用户 ID</translation>
    </message>
    <message>
        <source>Thinking</source>
        <translation>思考</translation>
    </message>
    <message>
        <source>Token counts</source>
        <translation>token 数</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>Which tool to use</source>
        <translation>使用哪个工具</translation>
    </message>
    <message>
        <source>Why the answer ended</source>
        <translation>应答结束的原因</translation>
    </message>
    <message>
        <source>a call without a name was dropped</source>
        <translation>没有名称的调用已去掉</translation>
    </message>
    <message>
        <source>a second tool of this name</source>
        <translation>同名的第二个工具</translation>
    </message>
    <message>
        <source>a server tool, not available at this upstream</source>
        <translation>服务器端工具，此服务商没有</translation>
    </message>
    <message>
        <source>asked for in words: not accepted together with tools</source>
        <translation>改用文字要求：不能与工具一起使用</translation>
    </message>
    <message>
        <source>asked for in words: the upstream cannot continue an assistant message</source>
        <translation>改用文字要求：服务商不能续写助手消息</translation>
    </message>
    <message>
        <source>assistant messages hold text only</source>
        <translation>助手消息只能含文字</translation>
    </message>
    <message>
        <source>cannot be switched off for %1</source>
        <translation>%1 无法关闭</translation>
    </message>
    <message>
        <source>cleared as the client asked</source>
        <translation>已按客户端的要求清除</translation>
    </message>
    <message>
        <source>cut to %1 characters</source>
        <translation>已截为 %1 个字符</translation>
    </message>
    <message>
        <source>dropped: no tools</source>
        <translation>已去掉：没有工具</translation>
    </message>
    <message>
        <source>estimated</source>
        <translation>估算</translation>
    </message>
    <message>
        <source>files of a container cannot be sent to this upstream</source>
        <translation>容器中的文件无法发给此服务商</translation>
    </message>
    <message>
        <source>forced choice sent as auto</source>
        <translation>强制选择已改为自动</translation>
    </message>
    <message>
        <source>forced choice sent as auto: the model thinks</source>
        <translation>强制选择已改为自动：模型正在思考</translation>
    </message>
    <message>
        <source>its opaque state is too large to be kept</source>
        <translation>其不透明状态过大，无法保留</translation>
    </message>
    <message>
        <source>malformed JSON skipped</source>
        <translation>已跳过损坏的 JSON</translation>
    </message>
    <message>
        <source>missing in a complete body, taken as stop</source>
        <translation>完整的应答中缺少，按 stop 处理</translation>
    </message>
    <message>
        <source>moved after the tool results</source>
        <translation>已移到工具结果之后</translation>
    </message>
    <message>
        <source>moved before the tool calls of its turn</source>
        <translation>已移到本轮工具调用之前</translation>
    </message>
    <message>
        <source>named tool offered alone</source>
        <translation>只提供了指定的工具</translation>
    </message>
    <message>
        <source>names a tool that this upstream cannot have</source>
        <translation>指定了此服务商不能使用的工具</translation>
    </message>
    <message>
        <source>no call in the turn before it</source>
        <translation>前一轮中没有对应的调用</translation>
    </message>
    <message>
        <source>no name</source>
        <translation>没有名称</translation>
    </message>
    <message>
        <source>no room for it within max_tokens</source>
        <translation>max_tokens 之内没有余地</translation>
    </message>
    <message>
        <source>none asked for in words</source>
        <translation>改用文字要求不使用工具</translation>
    </message>
    <message>
        <source>none sent as no tools</source>
        <translation>改为不提供工具</translation>
    </message>
    <message>
        <source>not accepted by this model</source>
        <translation>此模型不接受</translation>
    </message>
    <message>
        <source>not applied</source>
        <translation>未执行</translation>
    </message>
    <message>
        <source>not carried</source>
        <translation>未转发</translation>
    </message>
    <message>
        <source>not known to this upstream</source>
        <translation>此服务商不认识</translation>
    </message>
    <message>
        <source>not sent to this upstream</source>
        <translation>不发给此服务商</translation>
    </message>
    <message>
        <source>not taken by this upstream</source>
        <translation>此服务商不接受</translation>
    </message>
    <message>
        <source>not taken by this upstream for this schema</source>
        <translation>此服务商不接受这种结构</translation>
    </message>
    <message>
        <source>off for this turn: the reasoning of its tool calls is lost</source>
        <translation>本轮关闭：工具调用的推理已丢失</translation>
    </message>
    <message>
        <source>reasoning of another model is not sent</source>
        <translation>不发送其他模型的推理</translation>
    </message>
    <message>
        <source>refused while thinking is off</source>
        <translation>关闭思考时会被拒绝</translation>
    </message>
    <message>
        <source>switched off: a tool call is forced</source>
        <translation>已关闭：强制调用工具</translation>
    </message>
    <message>
        <source>the Messages API has no place for it</source>
        <translation>Messages API 中没有对应的位置</translation>
    </message>
    <message>
        <source>the answer held nothing else and the client did not ask for it</source>
        <translation>应答中没有其他内容，而客户端没有要求</translation>
    </message>
    <message>
        <source>the model does not accept images</source>
        <translation>模型不接受图像</translation>
    </message>
    <message>
        <source>the oldest were left out: the upstream takes no more</source>
        <translation>已略去最早的：服务商不接受更多</translation>
    </message>
    <message>
        <source>the schema is asked for in words</source>
        <translation>改用文字要求该结构</translation>
    </message>
    <message>
        <source>the upstream does not accept this document</source>
        <translation>服务商不接受此文档</translation>
    </message>
    <message>
        <source>the upstream takes no cache markers</source>
        <translation>服务商不接受缓存标记</translation>
    </message>
    <message>
        <source>the upstream would refuse thinking of another provider</source>
        <translation>服务商会拒绝其他服务商的思考内容</translation>
    </message>
    <message>
        <source>this upstream cannot be given this source</source>
        <translation>无法把此来源交给该服务商</translation>
    </message>
    <message>
        <source>this upstream is sent no earlier reasoning</source>
        <translation>不向此服务商发送先前的推理</translation>
    </message>
    <message>
        <source>this upstream rejects it</source>
        <translation>此服务商会拒绝它</translation>
    </message>
    <message>
        <source>told as a reminder in the user&apos;s turn</source>
        <translation>改为用户消息中的提醒</translation>
    </message>
    <message>
        <source>too many for the description</source>
        <translation>太多，放不进描述</translation>
    </message>
    <message>
        <source>unknown block type</source>
        <translation>未知的块类型</translation>
    </message>
    <message>
        <source>unknown directive</source>
        <translation>未知的指令</translation>
    </message>
    <message>
        <source>unknown field</source>
        <translation>未知的字段</translation>
    </message>
    <message>
        <source>unknown type</source>
        <translation>未知的类型</translation>
    </message>
    <message>
        <source>unknown type %1</source>
        <translation>未知的类型 %1</translation>
    </message>
    <message>
        <source>without thinking it would switch thinking on</source>
        <translation>不思考时它会打开思考</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>%1 failed; %3 takes over</source>
        <translation>%1 失败，由 %3 接替</translation>
    </message>
    <message>
        <source>%1 is not reachable</source>
        <translation>无法连接 %1</translation>
    </message>
    <message>
        <source>%1 no longer caches the prompts</source>
        <translation>%1 不再缓存提示词</translation>
    </message>
    <message>
        <source>%1 rejected the key</source>
        <translation>%1 拒绝了密钥</translation>
    </message>
    <message>
        <source>%1 so far, of %2 for the day. Requests go on as before.</source>
        <translation>今天已用 %1，预算为 %2。请求照常进行。</translation>
    </message>
    <message>
        <source>%1: %2 errors within a minute</source>
        <translation>%1：一分钟内出现 %2 个错误</translation>
    </message>
    <message>
        <source>%1: the cached part of the last %2 prompts is %3, it was %4. The same work costs more now: something at the beginning of the prompts changes, or the provider has changed.</source>
        <translation>%1：最近 %2 次提示词的缓存比例为 %3，之前为 %4。同样的工作现在费用更高：可能是提示词开头的内容有变化，或者服务商做了更改。</translation>
    </message>
    <message>
        <source>Endpoint copied</source>
        <translation>端点已复制</translation>
    </message>
    <message>
        <source>Open Dragoman</source>
        <translation>打开 Dragoman</translation>
    </message>
    <message>
        <source>Show the provider</source>
        <translation>查看服务商</translation>
    </message>
    <message>
        <source>Show the request</source>
        <translation>查看请求</translation>
    </message>
    <message>
        <source>The proxy is not running</source>
        <translation>代理未运行</translation>
    </message>
    <message>
        <source>Today&apos;s budget is reached</source>
        <translation>已达到今天的预算</translation>
    </message>
</context>
<context>
    <name>Overview</name>
    <message>
        <source>%1 failed, %2 cancelled</source>
        <translation>%1 个失败，%2 个取消</translation>
    </message>
    <message>
        <source>%1 from the cache</source>
        <translation>其中缓存 %1</translation>
    </message>
    <message>
        <source>%1 of it thinking</source>
        <translation>其中思考 %1</translation>
    </message>
    <message>
        <source>%1 of the budget</source>
        <translation>预算的 %1</translation>
    </message>
    <message>
        <source>%1 others</source>
        <translation>其他 %1 个</translation>
    </message>
    <message>
        <source>%1 tokens together; the most, %2, at %3.</source>
        <translation>共 %1 个 token；最多的是 %3，共 %2。</translation>
    </message>
    <message>
        <source>%1 without a price</source>
        <translation>%1 个没有价格</translation>
    </message>
    <message>
        <source>&amp;30 days</source>
        <translation>30 天(&amp;3)</translation>
    </message>
    <message>
        <source>&amp;7 days</source>
        <translation>7 天(&amp;7)</translation>
    </message>
    <message>
        <source>&amp;Export</source>
        <translation>导出(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Prices…</source>
        <translation>价格(&amp;P)…</translation>
    </message>
    <message>
        <source>+ something is missing: tokens nobody reported, or a model without a price</source>
        <translation>+ 有缺失：未报告的 token，或没有价格的模型</translation>
    </message>
    <message>
        <source>95 % within</source>
        <translation>95 % 以内</translation>
    </message>
    <message>
        <source>By day, as CSV…</source>
        <translation>按天，CSV…</translation>
    </message>
    <message>
        <source>By day, as JSON…</source>
        <translation>按天，JSON…</translation>
    </message>
    <message>
        <source>C&amp;opy</source>
        <translation>复制(&amp;O)</translation>
    </message>
    <message>
        <source>Cache hits</source>
        <translation>缓存命中</translation>
    </message>
    <message>
        <source>Copy endpoint</source>
        <translation>复制端点</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>费用</translation>
    </message>
    <message>
        <source>Cost by provider</source>
        <translation>各服务商费用</translation>
    </message>
    <message>
        <source>Endpoint</source>
        <translation>端点</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Estimated: %1 requests</source>
        <translation>估算：%1 个请求</translation>
    </message>
    <message>
        <source>Every request, as CSV…</source>
        <translation>每个请求，CSV…</translation>
    </message>
    <message>
        <source>Every request, as JSON…</source>
        <translation>每个请求，JSON…</translation>
    </message>
    <message>
        <source>Export usage</source>
        <translation>导出用量</translation>
    </message>
    <message>
        <source>First token</source>
        <translation>首个 token</translation>
    </message>
    <message>
        <source>In</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Input from the cache</source>
        <translation>来自缓存的输入</translation>
    </message>
    <message>
        <source>Median</source>
        <translation>中位数</translation>
    </message>
    <message>
        <source>Median between %1 and %2, 95 % within %3 at worst.</source>
        <translation>中位数在 %1 到 %2 之间，95 % 最差不超过 %3。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>New input</source>
        <translation>新输入</translation>
    </message>
    <message>
        <source>New requests go to %1</source>
        <translation>新请求发往 %1</translation>
    </message>
    <message>
        <source>No first token in this time.</source>
        <translation>这段时间没有首个 token。</translation>
    </message>
    <message>
        <source>No provider</source>
        <translation>没有服务商</translation>
    </message>
    <message>
        <source>No requests in this time.</source>
        <translation>这段时间没有请求。</translation>
    </message>
    <message>
        <source>Not known: %1 requests</source>
        <translation>未知：%1 个请求</translation>
    </message>
    <message>
        <source>Nothing can be shown: %1</source>
        <translation>无法显示：%1</translation>
    </message>
    <message>
        <source>Nothing to count yet</source>
        <translation>还没有可统计的内容</translation>
    </message>
    <message>
        <source>Out</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Provider</source>
        <translation>服务商</translation>
    </message>
    <message>
        <source>Reported by the provider: %1 requests</source>
        <translation>由服务商报告：%1 个请求</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Saved as %1</source>
        <translation>已保存为 %1</translation>
    </message>
    <message>
        <source>Send a &amp;test message</source>
        <translation>发送测试消息(&amp;T)</translation>
    </message>
    <message>
        <source>Time to the first token</source>
        <translation>首个 token 用时</translation>
    </message>
    <message>
        <source>Time to the first token, by day</source>
        <translation>每天的首个 token 用时</translation>
    </message>
    <message>
        <source>Time to the first token, by hour</source>
        <translation>每小时的首个 token 用时</translation>
    </message>
    <message>
        <source>To&amp;day</source>
        <translation>今天(&amp;D)</translation>
    </message>
    <message>
        <source>Together</source>
        <translation>合计</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Tokens by day</source>
        <translation>每天的 token</translation>
    </message>
    <message>
        <source>Tokens by hour, last 24 hours</source>
        <translation>最近 24 小时每小时的 token</translation>
    </message>
    <message>
        <source>Tokens in</source>
        <translation>输入 token</translation>
    </message>
    <message>
        <source>Tokens out</source>
        <translation>输出 token</translation>
    </message>
    <message>
        <source>Tokens, cost and times of your requests appear here. Send one from your client, or try it now.</source>
        <translation>请求的 token、费用和用时会显示在这里。从您的客户端发送一个请求，或现在试试。</translation>
    </message>
    <message>
        <source>Usage by provider and model</source>
        <translation>按服务商和模型统计的用量</translation>
    </message>
    <message>
        <source>Without a price: %1 requests</source>
        <translation>没有价格：%1 个请求</translation>
    </message>
    <message>
        <source>not listening</source>
        <translation>未监听</translation>
    </message>
    <message>
        <source>~ contains estimates</source>
        <translation>~ 含估算值</translation>
    </message>
    <message>
        <source>– not known</source>
        <translation>– 未知</translation>
    </message>
</context>
<context>
    <name>Presets</name>
    <message>
        <source>Billed to an organisation</source>
        <translation>由组织付费</translation>
    </message>
    <message>
        <source>Coding plan</source>
        <translation>编程套餐</translation>
    </message>
    <message>
        <source>Coding plan, mainland China</source>
        <translation>编程套餐（中国大陆）</translation>
    </message>
    <message>
        <source>Europe</source>
        <translation>欧洲</translation>
    </message>
    <message>
        <source>Keys belong to a region: choose the address of yours.</source>
        <translation>密钥按地区区分：请选择您所在地区的地址。</translation>
    </message>
    <message>
        <source>Load the model with a context length of 65536 or more.</source>
        <translation>请以 65536 或更大的上下文长度加载模型。</translation>
    </message>
    <message>
        <source>Mainland China</source>
        <translation>中国大陆</translation>
    </message>
    <message>
        <source>One deployment, dated version of the API</source>
        <translation>单个部署，带日期版本的 API</translation>
    </message>
    <message>
        <source>Put the name of your resource into the address. Models are your deployments.</source>
        <translation>请在地址中填写您的资源名称。模型即您的部署。</translation>
    </message>
    <message>
        <source>Requests pass through; models keep their names.</source>
        <translation>请求直接转发，模型名称保持不变。</translation>
    </message>
    <message>
        <source>Set OLLAMA_CONTEXT_LENGTH to 65536 or more: Ollama cuts longer prompts without saying so.</source>
        <translation>请将 OLLAMA_CONTEXT_LENGTH 设为 65536 或更大：Ollama 会在不提示的情况下截断过长的提示词。</translation>
    </message>
    <message>
        <source>Start it with --enable-auto-tool-choice and the tool-call parser of your model.</source>
        <translation>启动时请加上 --enable-auto-tool-choice 和模型对应的工具调用解析器。</translation>
    </message>
    <message>
        <source>Start llama-server with --jinja, or tools will not work.</source>
        <translation>启动 llama-server 时请加上 --jinja，否则工具无法使用。</translation>
    </message>
    <message>
        <source>The token needs the permission models:read.</source>
        <translation>令牌需要 models:read 权限。</translation>
    </message>
    <message>
        <source>United States</source>
        <translation>美国</translation>
    </message>
    <message>
        <source>What comes before /chat/completions, or before /v1/messages.</source>
        <translation>即 /chat/completions 或 /v1/messages 之前的部分。</translation>
    </message>
</context>
<context>
    <name>Prices</name>
    <message>
        <source>&amp;Add…</source>
        <translation>添加(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>删除(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Edit…</source>
        <translation>编辑(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Input</source>
        <translation>输入(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>模型(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Output</source>
        <translation>输出(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Override…</source>
        <translation>覆盖(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Provider</source>
        <translation>服务商(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Valid from</source>
        <translation>生效日期(&amp;V)</translation>
    </message>
    <message>
        <source>Above</source>
        <translation>超过</translation>
    </message>
    <message>
        <source>Add a price</source>
        <translation>添加价格</translation>
    </message>
    <message>
        <source>Any</source>
        <translation>任意</translation>
    </message>
    <message>
        <source>Any provider</source>
        <translation>任意服务商</translation>
    </message>
    <message>
        <source>Built in</source>
        <translation>内置</translation>
    </message>
    <message>
        <source>Cache &amp;read</source>
        <translation>缓存读取(&amp;R)</translation>
    </message>
    <message>
        <source>Cache &amp;write</source>
        <translation>缓存写入(&amp;W)</translation>
    </message>
    <message>
        <source>Cache read</source>
        <translation>缓存读取</translation>
    </message>
    <message>
        <source>Cache write</source>
        <translation>缓存写入</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Dollars per million tokens. Empty: as input.</source>
        <translation>每百万 token 的美元价格。留空：与输入相同。</translation>
    </message>
    <message>
        <source>Dollars per million tokens. Your own prices come before ours; a change holds for requests that finish from then on.</source>
        <translation>每百万 token 的美元价格。您自己的价格优先于内置价格；修改只对之后完成的请求生效。</translation>
    </message>
    <message>
        <source>Edit price</source>
        <translation>编辑价格</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Only for prompts of more tokens than this. Empty: for all.</source>
        <translation>仅用于超过此 token 数的提示词。留空：全部。</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Prices</source>
        <translation>价格</translation>
    </message>
    <message>
        <source>Prompts &amp;above</source>
        <translation>提示词超过(&amp;A)</translation>
    </message>
    <message>
        <source>Provider</source>
        <translation>服务商</translation>
    </message>
    <message>
        <source>Search models</source>
        <translation>搜索模型</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>The provider&apos;s name for the model; * stands for anything.</source>
        <translation>服务商的模型名称；* 代表任意内容。</translation>
    </message>
    <message>
        <source>Valid from</source>
        <translation>生效日期</translation>
    </message>
    <message>
        <source>Yours</source>
        <translation>您的</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>as input</source>
        <translation>同输入</translation>
    </message>
</context>
<context>
    <name>Problems</name>
    <message>
        <source>%1 (requests not counted: %2)</source>
        <translation>%1（未计入的请求：%2）</translation>
    </message>
    <message>
        <source>A client&apos;s settings could not be changed: %1</source>
        <translation>无法更改客户端的设置：%1</translation>
    </message>
    <message>
        <source>No keyring can be used, so keys last until Dragoman quits. %1</source>
        <translation>没有可用的密钥环，密钥只保留到 Dragoman 退出。%1</translation>
    </message>
    <message>
        <source>Not saved: %1</source>
        <translation>未保存：%1</translation>
    </message>
    <message>
        <source>Some providers could not be read: %1</source>
        <translation>部分服务商无法读取：%1</translation>
    </message>
    <message>
        <source>Something unexpected went wrong: %1</source>
        <translation>发生意外错误：%1</translation>
    </message>
    <message>
        <source>Start on login could not be changed: %1</source>
        <translation>无法更改开机自启：%1</translation>
    </message>
    <message>
        <source>The port is taken: %1. Settings offers a free one.</source>
        <translation>端口已被占用：%1。可在“设置”中改用空闲端口。</translation>
    </message>
    <message>
        <source>The provider could not be used: %1</source>
        <translation>无法使用该服务商：%1</translation>
    </message>
    <message>
        <source>The proxy could not start: %1</source>
        <translation>代理无法启动：%1</translation>
    </message>
    <message>
        <source>This desktop shows no tray icons, so Dragoman keeps its window. GNOME needs the AppIndicator extension.</source>
        <translation>此桌面不显示托盘图标，因此 Dragoman 会保留窗口。GNOME 需要安装 AppIndicator 扩展。</translation>
    </message>
    <message>
        <source>Usage is not recorded as it should be: %1</source>
        <translation>用量未能正常记录：%1</translation>
    </message>
    <message>
        <source>Your own prices could not be read: %1</source>
        <translation>无法读取您自己的价格：%1</translation>
    </message>
</context>
<context>
    <name>Providers</name>
    <message>
        <source>%1 (copy)</source>
        <translation>%1（副本）</translation>
    </message>
    <message>
        <source>&amp;Add a provider…</source>
        <translation>添加服务商(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>删除(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Edit…</source>
        <translation>编辑(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Export without keys…</source>
        <translation>导出（不含密钥）(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Import…</source>
        <translation>导入(&amp;I)…</translation>
    </message>
    <message>
        <source>&amp;More</source>
        <translation>更多(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Test</source>
        <translation>测试(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Use</source>
        <translation>使用(&amp;U)</translation>
    </message>
    <message>
        <source>A line that starts Claude Code on this provider, whichever is active elsewhere</source>
        <translation>用此服务商启动 Claude Code 的命令，与其他地方使用哪个服务商无关</translation>
    </message>
    <message>
        <source>Active</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Base URL</source>
        <translation>基础 URL</translation>
    </message>
    <message>
        <source>Built in, needs no account</source>
        <translation>内置，无需账号</translation>
    </message>
    <message>
        <source>Cancel test</source>
        <translation>取消测试</translation>
    </message>
    <message>
        <source>Copy &amp;command</source>
        <translation>复制命令(&amp;C)</translation>
    </message>
    <message>
        <source>Default model</source>
        <translation>默认模型</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Dup&amp;licate…</source>
        <translation>复制一份(&amp;L)…</translation>
    </message>
    <message>
        <source>Duplicate…</source>
        <translation>复制一份…</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>编辑…</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>下移</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>上移</translation>
    </message>
    <message>
        <source>Providers</source>
        <translation>服务商</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>from a command</source>
        <translation>来自命令</translation>
    </message>
    <message>
        <source>from an environment variable</source>
        <translation>来自环境变量</translation>
    </message>
    <message>
        <source>in the system&apos;s keyring</source>
        <translation>保存在系统密钥环中</translation>
    </message>
    <message>
        <source>none needed</source>
        <translation>无需</translation>
    </message>
</context>
<context>
    <name>Requests</name>
    <message>
        <source>%1 bytes</source>
        <translation>%1 字节</translation>
    </message>
    <message>
        <source>%1 found</source>
        <translation>找到 %1 处</translation>
    </message>
    <message>
        <source>%1 has accepted the request; the first token has not come yet.</source>
        <translation>%1 已接受请求；首个 token 尚未到达。</translation>
    </message>
    <message>
        <source>&amp;Answer</source>
        <translation>应答(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Bodies</source>
        <translation>内容(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Copy row</source>
        <translation>复制此行(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Headers</source>
        <translation>标头(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>暂停(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Pause or resume</source>
        <translation>暂停或继续(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Record bodies from now on</source>
        <translation>从现在起记录内容(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>继续(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Resume (%1 new)</source>
        <translation>继续(&amp;R)（%1 条新请求）</translation>
    </message>
    <message>
        <source>&amp;Summary</source>
        <translation>摘要(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Wrap lines</source>
        <translation>自动换行(&amp;W)</translation>
    </message>
    <message>
        <source>A request like this one, without the key and without its conversation.</source>
        <translation>与此请求相似的命令，不含密钥和对话内容。</translation>
    </message>
    <message>
        <source>All providers</source>
        <translation>所有服务商</translation>
    </message>
    <message>
        <source>All states</source>
        <translation>所有状态</translation>
    </message>
    <message>
        <source>Answering</source>
        <translation>应答中</translation>
    </message>
    <message>
        <source>Arrived</source>
        <translation>收到</translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation>尝试次数</translation>
    </message>
    <message>
        <source>Bodies are not recorded. To see what is asked and answered, Dragoman can record the bodies of new requests: in memory only, 64 MB at most, keys masked, forgotten when you switch it off.</source>
        <translation>未记录内容。如需查看请求与应答，Dragoman 可以记录新请求的内容：仅保存在内存中，最多 64 MB，密钥会被遮盖，关闭记录后即清除。</translation>
    </message>
    <message>
        <source>Cached</source>
        <translation>缓存</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Clear the &amp;list</source>
        <translation>清空列表(&amp;L)</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>客户端</translation>
    </message>
    <message>
        <source>Co&amp;lumns</source>
        <translation>列(&amp;L)</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy &amp;error</source>
        <translation>复制错误(&amp;E)</translation>
    </message>
    <message>
        <source>Copy as c&amp;url</source>
        <translation>复制为 curl(&amp;U)</translation>
    </message>
    <message>
        <source>Copy request &amp;ID</source>
        <translation>复制请求 ID(&amp;I)</translation>
    </message>
    <message>
        <source>Copy setup for bash / zsh</source>
        <translation>复制 bash / zsh 配置</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>费用</translation>
    </message>
    <message>
        <source>Counted when the answer is complete</source>
        <translation>应答完成后才计数</translation>
    </message>
    <message>
        <source>Details of the request</source>
        <translation>请求详情</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>耗时</translation>
    </message>
    <message>
        <source>End</source>
        <translation>结束</translation>
    </message>
    <message>
        <source>Estimated from the length of what has come so far</source>
        <translation>根据目前收到内容的长度估算</translation>
    </message>
    <message>
        <source>Estimated: the provider did not report it</source>
        <translation>估算：服务商未报告</translation>
    </message>
    <message>
        <source>F&amp;ollow</source>
        <translation>跟随(&amp;O)</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Failed or cancelled</source>
        <translation>失败或已取消</translation>
    </message>
    <message>
        <source>First byte</source>
        <translation>首个字节</translation>
    </message>
    <message>
        <source>First token</source>
        <translation>首个 token</translation>
    </message>
    <message>
        <source>From %1</source>
        <translation>来自 %1</translation>
    </message>
    <message>
        <source>From the client</source>
        <translation>来自客户端</translation>
    </message>
    <message>
        <source>Hold new requests back; those shown go on</source>
        <translation>暂不显示新请求；已显示的继续更新</translation>
    </message>
    <message>
        <source>In</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>In Dragoman&apos;s words</source>
        <translation>Dragoman 的说明</translation>
    </message>
    <message>
        <source>In the words of %1</source>
        <translation>%1 的原话</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Input from cache</source>
        <translation>来自缓存的输入</translation>
    </message>
    <message>
        <source>Input written to cache</source>
        <translation>写入缓存的输入</translation>
    </message>
    <message>
        <source>Keep the newest request in view</source>
        <translation>始终显示最新的请求</translation>
    </message>
    <message>
        <source>List price of estimated tokens</source>
        <translation>按估算 token 数计算的标价</translation>
    </message>
    <message>
        <source>List price of the tokens the provider reported</source>
        <translation>按服务商报告的 token 数计算的标价</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>No requests yet</source>
        <translation>还没有请求</translation>
    </message>
    <message>
        <source>Not carried over in translation</source>
        <translation>转换时未保留</translation>
    </message>
    <message>
        <source>Not known: nobody counted before the request ended</source>
        <translation>未知：请求结束前无人计数</translation>
    </message>
    <message>
        <source>Not known: there is no price for this model in the table of prices</source>
        <translation>未知：价格表中没有该模型的价格</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Nothing is kept of this request any more: only the newest 200 are remembered.</source>
        <translation>此请求的内容已不再保留：只记住最近的 200 个请求。</translation>
    </message>
    <message>
        <source>Out</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Output that was thinking</source>
        <translation>用于思考的输出</translation>
    </message>
    <message>
        <source>Output tokens by the time from the first one to the end</source>
        <translation>从首个到最后一个输出 token 的平均速度</translation>
    </message>
    <message>
        <source>Provider</source>
        <translation>服务商</translation>
    </message>
    <message>
        <source>Re&amp;quest</source>
        <translation>请求(&amp;Q)</translation>
    </message>
    <message>
        <source>Recordin&amp;g bodies</source>
        <translation>正在记录内容(&amp;G)</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>Reported by the provider</source>
        <translation>由服务商报告</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Requests appear here as they happen. Copy the setup into the shell where your client runs, or send a test message to the active provider.</source>
        <translation>请求会实时显示在这里。请将配置复制到运行客户端的终端中，或向当前服务商发送一条测试消息。</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>Search (Ctrl+F)</source>
        <translation>搜索 (Ctrl+F)</translation>
    </message>
    <message>
        <source>Search in these (Ctrl+F)</source>
        <translation>在这些内容中搜索 (Ctrl+F)</translation>
    </message>
    <message>
        <source>Search in these messages</source>
        <translation>在这些消息中搜索</translation>
    </message>
    <message>
        <source>Search requests</source>
        <translation>搜索请求</translation>
    </message>
    <message>
        <source>Send a test message</source>
        <translation>发送测试消息</translation>
    </message>
    <message>
        <source>Sent to %1; nothing has come back yet.</source>
        <translation>已发送给 %1；尚未收到任何回应。</translation>
    </message>
    <message>
        <source>Show &amp;details</source>
        <translation>显示详情(&amp;D)</translation>
    </message>
    <message>
        <source>Show only %1</source>
        <translation>只显示 %1</translation>
    </message>
    <message>
        <source>Show requests in this state</source>
        <translation>按状态筛选请求</translation>
    </message>
    <message>
        <source>Show requests to this provider</source>
        <translation>按服务商筛选请求</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Stop reason</source>
        <translation>停止原因</translation>
    </message>
    <message>
        <source>Summary of the request</source>
        <translation>请求摘要</translation>
    </message>
    <message>
        <source>The answer is being written.</source>
        <translation>正在输出应答。</translation>
    </message>
    <message>
        <source>The bodies of this request were not recorded, or made room for newer ones.</source>
        <translation>此请求的内容未被记录，或已被较新的内容取代。</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>To %1</source>
        <translation>发往 %1</translation>
    </message>
    <message>
        <source>To the client</source>
        <translation>发往客户端</translation>
    </message>
    <message>
        <source>Tok/s</source>
        <translation>token/秒</translation>
    </message>
    <message>
        <source>Token counts</source>
        <translation>token 数</translation>
    </message>
    <message>
        <source>Tokens per second</source>
        <translation>每秒 token 数</translation>
    </message>
    <message>
        <source>Tried again because</source>
        <translation>重试原因</translation>
    </message>
    <message>
        <source>Views of the request</source>
        <translation>请求的各个视图</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>What clients and providers say to each other is kept in memory. Press to stop, and to forget it.</source>
        <translation>客户端与服务商之间的往来内容保存在内存中。点击可停止记录并清除。</translation>
    </message>
    <message>
        <source>cut</source>
        <translation>已截断</translation>
    </message>
    <message>
        <source>estimated</source>
        <translation>估算</translation>
    </message>
    <message>
        <source>reported by the provider</source>
        <translation>由服务商报告</translation>
    </message>
    <message>
        <source>the provider</source>
        <translation>服务商</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source> days</source>
        <translation> 天</translation>
    </message>
    <message>
        <source>%1 uses this port.</source>
        <translation>%1 正在使用此端口。</translation>
    </message>
    <message>
        <source>&amp;Address</source>
        <translation>地址(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>复制(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Hide</source>
        <translation>隐藏(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Keep details for</source>
        <translation>详情保留(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;New token…</source>
        <translation>新建令牌(&amp;N)…</translation>
    </message>
    <message>
        <source>&amp;Open the log&apos;s folder</source>
        <translation>打开日志文件夹(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Port</source>
        <translation>端口(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Show</source>
        <translation>显示(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Use %1</source>
        <translation>使用 %1(&amp;U)</translation>
    </message>
    <message>
        <source>A file to send along with a report: versions, settings, providers without keys, the latest log lines and requests without their contents.</source>
        <translation>可随问题报告一并发送的文件：包含版本、设置、不含密钥的服务商、最近的日志以及不含内容的请求记录。</translation>
    </message>
    <message>
        <source>A number from 1 to 65535 is needed.</source>
        <translation>请输入 1 到 65535 之间的数字。</translation>
    </message>
    <message>
        <source>After that, only the sums of each day are kept.</source>
        <translation>超过期限后，只保留每日汇总。</translation>
    </message>
    <message>
        <source>An address such as 127.0.0.1 is needed.</source>
        <translation>请输入类似 127.0.0.1 的地址。</translation>
    </message>
    <message>
        <source>Answer at the &amp;IPv6 address ::1 as well</source>
        <translation>同时在 IPv6 地址 ::1 上应答(&amp;I)</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Clients are refused until they are given the new setup. The old token ends at once.</source>
        <translation>在获得新配置之前，客户端会被拒绝。旧令牌立即失效。</translation>
    </message>
    <message>
        <source>Clients must be told when it changes.</source>
        <translation>更改后需要告知客户端。</translation>
    </message>
    <message>
        <source>Daily &amp;budget</source>
        <translation>每日预算(&amp;B)</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Diagnostics</source>
        <translation>诊断</translation>
    </message>
    <message>
        <source>Endpoint</source>
        <translation>端点</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>高对比度</translation>
    </message>
    <message>
        <source>It is not possible to listen there: %1</source>
        <translation>无法在此处监听：%1</translation>
    </message>
    <message>
        <source>Keep the contents of the latest requests in &amp;memory</source>
        <translation>在内存中保留最近请求的内容(&amp;M)</translation>
    </message>
    <message>
        <source>Kept in memory only: it changes with the next start.</source>
        <translation>仅保存在内存中：下次启动后会改变。</translation>
    </message>
    <message>
        <source>Kept in the system&apos;s keyring.</source>
        <translation>保存在系统密钥环中。</translation>
    </message>
    <message>
        <source>Lan&amp;guage</source>
        <translation>语言(&amp;G)</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Make a new token</source>
        <translation>新建令牌</translation>
    </message>
    <message>
        <source>Make a new token?</source>
        <translation>新建一个令牌？</translation>
    </message>
    <message>
        <source>New token</source>
        <translation>新建令牌</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>通知</translation>
    </message>
    <message>
        <source>On disk, Dragoman keeps names of models and providers, token counts, times and error messages. It never writes prompts, answers or keys to a file.</source>
        <translation>Dragoman 只在磁盘上保存模型和服务商名称、token 数、时间和错误消息，绝不会把提示词、应答或密钥写入文件。</translation>
    </message>
    <message>
        <source>On login, only the icon appears.</source>
        <translation>开机自启时只显示托盘图标。</translation>
    </message>
    <message>
        <source>Only answer clients that send the &amp;token</source>
        <translation>仅应答发送令牌的客户端(&amp;T)</translation>
    </message>
    <message>
        <source>Open the &amp;window at the start</source>
        <translation>启动时打开窗口(&amp;W)</translation>
    </message>
    <message>
        <source>Other computers on the network can reach the endpoint. Only the token keeps them out.</source>
        <translation>网络中的其他计算机可以访问此端点，只有令牌能阻止它们。</translation>
    </message>
    <message>
        <source>P&amp;rices…</source>
        <translation>价格(&amp;R)…</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>隐私</translation>
    </message>
    <message>
        <source>Refused: other computers can reach the endpoint, and anybody could use your keys.</source>
        <translation>已拒绝：其他计算机可以访问此端点，任何人都能使用您的密钥。</translation>
    </message>
    <message>
        <source>Refused: without the token, anybody on the network could use your keys.</source>
        <translation>已拒绝：没有令牌，网络中的任何人都能使用您的密钥。</translation>
    </message>
    <message>
        <source>Save &amp;diagnostics…</source>
        <translation>保存诊断信息(&amp;D)…</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Start Dragoman on &amp;login</source>
        <translation>登录时启动 Dragoman(&amp;L)</translation>
    </message>
    <message>
        <source>Start the pro&amp;xy with Dragoman</source>
        <translation>随 Dragoman 启动代理(&amp;X)</translation>
    </message>
    <message>
        <source>T&amp;heme</source>
        <translation>主题(&amp;H)</translation>
    </message>
    <message>
        <source>Tell me when …</source>
        <translation>出现以下情况时通知我：</translation>
    </message>
    <message>
        <source>The port is taken.</source>
        <translation>端口已被占用。</translation>
    </message>
    <message>
        <source>This is not possible.</source>
        <translation>无法这样设置。</translation>
    </message>
    <message>
        <source>To look at them on the Requests page. They are gone when Dragoman quits.</source>
        <translation>用于在“请求”页面查看。Dragoman 退出后即消失。</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Turned off.</source>
        <translation>已关闭。</translation>
    </message>
    <message>
        <source>Usage and prices</source>
        <translation>用量与价格</translation>
    </message>
    <message>
        <source>Without it, every program on this computer can use your keys.</source>
        <translation>没有令牌时，本机上的任何程序都能使用您的密钥。</translation>
    </message>
    <message>
        <source>a provider rejects its key or cannot be reached</source>
        <translation>服务商拒绝密钥或无法连接</translation>
    </message>
    <message>
        <source>far less of the input comes from the cache than before</source>
        <translation>来自缓存的输入比以前少得多</translation>
    </message>
    <message>
        <source>many requests fail within a minute</source>
        <translation>一分钟内大量请求失败</translation>
    </message>
    <message>
        <source>requests move on to another provider</source>
        <translation>请求转到其他服务商</translation>
    </message>
    <message>
        <source>the daily budget is reached</source>
        <translation>达到每日预算</translation>
    </message>
</context>
<context>
    <name>State</name>
    <message>
        <source>%1 requests running</source>
        <translation>%1 个请求进行中</translation>
    </message>
    <message>
        <source>1 request running</source>
        <translation>1 个请求进行中</translation>
    </message>
    <message>
        <source>Finishing…</source>
        <translation>正在收尾…</translation>
    </message>
    <message>
        <source>Not running</source>
        <translation>未运行</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>Running on %1</source>
        <translation>运行于 %1</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
</context>
<context>
    <name>Totals</name>
    <message>
        <source>%1 in, %2 out</source>
        <translation>输入 %1，输出 %2</translation>
    </message>
    <message>
        <source>%1 requests</source>
        <translation>%1 个请求</translation>
    </message>
    <message>
        <source>+ %1 without a price</source>
        <translation>+ %1 个无价格</translation>
    </message>
    <message>
        <source>1 request</source>
        <translation>1 个请求</translation>
    </message>
    <message>
        <source>Since %1</source>
        <translation>自 %1 起</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>no requests yet</source>
        <translation>还没有请求</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>&amp;Connect Claude Code</source>
        <translation>连接 Claude Code(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;More providers</source>
        <translation>更多服务商(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Open Dragoman</source>
        <translation>打开 Dragoman(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Start proxy</source>
        <translation>启动代理(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Stop proxy</source>
        <translation>停止代理(&amp;S)</translation>
    </message>
    <message>
        <source>Copy &amp;endpoint</source>
        <translation>复制端点(&amp;E)</translation>
    </message>
    <message>
        <source>Copy endpoint</source>
        <translation>复制端点</translation>
    </message>
    <message>
        <source>Copy set&amp;up</source>
        <translation>复制配置(&amp;U)</translation>
    </message>
    <message>
        <source>L&amp;ast error: %1</source>
        <translation>最近的错误(&amp;A)：%1</translation>
    </message>
    <message>
        <source>Start on &amp;login</source>
        <translation>登录时启动(&amp;L)</translation>
    </message>
    <message>
        <source>Start proxy</source>
        <translation>启动代理</translation>
    </message>
    <message>
        <source>Stop proxy</source>
        <translation>停止代理</translation>
    </message>
</context>
<context>
    <name>Trial</name>
    <message>
        <source>Asking the provider…</source>
        <translation>正在询问服务商…</translation>
    </message>
    <message>
        <source>Everything works</source>
        <translation>一切正常</translation>
    </message>
    <message>
        <source>Key accepted</source>
        <translation>密钥有效</translation>
    </message>
    <message>
        <source>Model exists</source>
        <translation>模型存在</translation>
    </message>
    <message>
        <source>Reachable</source>
        <translation>可以连接</translation>
    </message>
    <message>
        <source>Something is wrong</source>
        <translation>存在问题</translation>
    </message>
    <message>
        <source>Streaming works</source>
        <translation>流式输出可用</translation>
    </message>
    <message>
        <source>Tools work</source>
        <translation>工具调用可用</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
</context>
<context>
    <name>Undo</name>
    <message>
        <source>Ctrl+Z</source>
        <translation>Ctrl+Z</translation>
    </message>
    <message>
        <source>Deleted %1</source>
        <translation>已删除 %1</translation>
    </message>
    <message>
        <source>U&amp;ndo</source>
        <translation>撤销(&amp;N)</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>&amp;Add a provider…</source>
        <translation>添加服务商(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Copy setup</source>
        <translation>复制配置(&amp;C)</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>应答</translation>
    </message>
    <message>
        <source>Choose it, paste its key, save. The key stays in the keyring of your system.</source>
        <translation>选择服务商，粘贴密钥，保存。密钥保存在系统密钥环中。</translation>
    </message>
    <message>
        <source>Connect Claude Code</source>
        <translation>连接 Claude Code</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>It stands between Claude Code and the provider you choose, and tells you what happens there.</source>
        <translation>它介于 Claude Code 与您选择的服务商之间，并告诉您其间发生了什么。</translation>
    </message>
    <message>
        <source>Paste the setup into a terminal and start Claude Code there.</source>
        <translation>将配置粘贴到终端中，并在那里启动 Claude Code。</translation>
    </message>
    <message>
        <source>See it work</source>
        <translation>看看效果</translation>
    </message>
    <message>
        <source>Send a test &amp;message</source>
        <translation>发送测试消息(&amp;M)</translation>
    </message>
    <message>
        <source>The built-in Demo answers without an account, by the road that every request takes.</source>
        <translation>内置的 Demo 无需账号即可应答，与其他请求的路径完全相同。</translation>
    </message>
    <message>
        <source>Use your own provider</source>
        <translation>使用您自己的服务商</translation>
    </message>
    <message>
        <source>Welcome to Dragoman</source>
        <translation>欢迎使用 Dragoman</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Providers</source>
        <translation>服务商</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
</TS>
